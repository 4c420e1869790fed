import { benchAlerting } from "./alerting.ts";
import { benchDetecting } from "./detecting.ts";
import { benchGrouping } from "./grouping.ts";
import { benchIngest } from "./ingest.ts";
import { benchKafka } from "./kafka.ts";
import { benchListening } from "./listening.ts";
import { benchReadingThreads } from "./reading-threads.ts";
import { benchReading } from "./reading.ts";

const [only = "all", size] = process.argv.slice(2);
const rows = size === undefined ? undefined : Number(size);

if (only === "all" || only === "ingest") await benchIngest(rows ?? 200_000);
if (only === "all" || only === "listening") await benchListening();
if (only === "all" || only === "reading") await benchReading();
if (only === "all" || only === "reading-threads") await benchReadingThreads(rows ?? 20_000);
if (only === "all" || only === "grouping") await benchGrouping(rows);
if (only === "all" || only === "detecting") await benchDetecting(rows ?? 20_000);
if (only === "all" || only === "alerting") await benchAlerting(rows ?? 200_000);
if (only === "all" || only === "kafka") await benchKafka(rows ?? 100_000);
