import type { Severity } from "../../../schemas/notification.ts";
import { Icon, type IconName } from "../icons.tsx";
import type { AlertStatus } from "./alert-rows.ts";
import { SEVERITY_NAMES, STATUS_MEANINGS } from "./alert-words.ts";

const STATUS_ICONS: Readonly<Record<AlertStatus, IconName>> = {
  firing: "flag",
  acknowledged: "person",
  resolved: "check",
  pending: "clock",
  withdrawn: "removed",
};

/** How bad an alert is, as one word; colour only helps. */
export function SeverityBadge({ severity }: { readonly severity: Severity }) {
  return (
    <span className={`verdict severity-${severity}`}>
      <Icon name="warning" />
      {SEVERITY_NAMES[severity]}
    </span>
  );
}

/** How an alert stands, as one word. */
export function StatusWord({ status }: { readonly status: AlertStatus }) {
  const { name, says } = STATUS_MEANINGS[status];
  return (
    <span className={`alert-status status-${status}`} title={says}>
      <Icon name={STATUS_ICONS[status]} />
      {name}
    </span>
  );
}
