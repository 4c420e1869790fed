# Earshot beside a ClickHouse server: the program and its web page, without the embedded engine.
FROM node:20.20.2-bookworm-slim AS base
WORKDIR /app

FROM base AS build
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY . .
RUN npm run build

FROM base AS dependencies
COPY package.json package-lock.json ./
# the embedded engine, 566 MB, is the optional part of chdb; the builders above need their own optional parts
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --no-audit --no-fund

FROM base
ENV NODE_ENV=production
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY schemas/clickhouse schemas/clickhouse
COPY LICENSE ./
COPY processors/models processors/models
USER node
EXPOSE 4180 4181
ENTRYPOINT ["node", "dist/program/main.js"]
CMD ["--help"]
