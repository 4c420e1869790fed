import { parseArgs } from "node:util";
import { toldComplaints } from "../complaint.ts";

const { data = "" } = parseArgs({ options: { data: { type: "string" } } }).values;

// what `build.py` asks: English texts, whether each is a complaint, and how much it counts
const told = toldComplaints(data).map(({ text, isComplaint, weight }) => ({ text, isComplaint, weight }));
if (told.length === 0)
  throw new Error(`"${data}" has no set of complaints; name the folder of labelled sets with --data.`);
process.stdout.write(JSON.stringify(told));
