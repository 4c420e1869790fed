/** Version of the readers; stored with every enrichment. Changes whenever the same mention could be read differently. */
export const MODEL_VERSION = "linear-3";
