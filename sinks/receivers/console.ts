import { z } from "zod";
import { defineReceiver } from "../../core/contracts.ts";
import { EarshotError } from "../../core/errors.ts";
import { asText, layOut } from "./lay-out.ts";

const config = z.strictObject({
  stream: z.enum(["stderr", "stdout"]).default("stderr").describe("Where it is printed."),
});

/** The terminal or the log Earshot writes to: one block per notification, which no text in it can drive. */
export const consoleReceiver = defineReceiver({
  name: "console",
  summary: "The terminal or log of Earshot itself, for trying things out.",
  config,
  open: ({ stream }) => ({
    async deliver(notification, _earlier, signal) {
      signal.throwIfAborted();
      const block = `\n${asText(layOut(notification))}\n`;
      await new Promise<void>((resolve, reject) => {
        process[stream].write(block, (error) => {
          if (error === undefined || error === null) resolve();
          else
            reject(new EarshotError("sink_unavailable", `${stream} took no text; it will be tried again.`));
        });
      });
      return { notification: notification.id };
    },
    close: async () => {},
  }),
});
