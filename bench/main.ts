import { benchIngest } from "./ingest.ts";
import { benchReading } from "./reading.ts";

await benchIngest();
await benchReading();
