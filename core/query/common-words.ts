/** Words of everyday English, some of them names of brands too: alone they find mostly something else. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  (
    "about after again all also always always amazing and any app apple are away back bad because been before best " +
    "better big bill bolt boost box break bring brother bug bumble but buy call came can cancel car card care cash " +
    "change chase check circle clear close clue coach come corona could customer day deal delivery did different does " +
    "done dove down echo email even ever every express face fair fast feel fiat find fire first fix focus for found " +
    "free from galaxy gap general get give global gold good great had has have help here hinge hold home hotel how " +
    "hub idea intel into its jaguar just keep kind king know last late leaf life lift like line link little live long " +
    "look lost love make many mars match may mean meta mint miss money monday monster more most much must native need " +
    "never new next nice nothing notion now off old omega once one only open orange order other our out over own patch " +
    "pay people phone pilot place plan please point poor post power prime problem puma puppet quest rainbow really " +
    "refund right ring rover safe said same save say see sense service shell should sign slack slow small some " +
    "something sonic sound spark sprint square star start steam still stop store story stripe subway such support " +
    "sure swift take target team tell than thank thanks that the their them then there these they thing think this " +
    "tide tiger time tinder today too total train trek twist under united until use vanguard very via visa volt wait " +
    "want was wave way week well were what when where which while who why will windows with word work world worst " +
    "would wrong yahoo yes yet you your zoom"
  ).split(" "),
);
