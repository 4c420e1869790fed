import type { MappedField } from "./mapping.ts";

/**
 * Names columns have in real exports, best first, in the order fields choose their columns: Trustpilot, AppFollow,
 * Appbot, Google Play, App Store, Zendesk, Typeform, SurveyMonkey, Delighted, X and Reddit dumps, public data sets; in
 * English, German, French and Spanish. Written as {@link plainName} makes them.
 */
export const HEADER_NAMES: readonly (readonly [MappedField, string])[] = [
  [
    "text",
    "reviewtext reviewcontent reviewbody fulltext tweettext texttext text content contents body review reviews selftext " +
      "commenttext commentbody commentcontent comment comments feedback feedbacktext message tweet post consumercomplaintnarrative " +
      "narrative verbatim answertext openended openendedresponse description reviewdescription complaint complainttext transcript " +
      "notes callnotes note bewertungstext rezensionstext rezension bewertung kommentar kommentare freitext meinung nachricht " +
      "beschreibung beschwerde texte textedelavis avis commentaire commentaires contenu verbatims message reclamation " +
      "texto textodelaresena resena comentario comentarios contenido opinion mensaje queja descripcion",
  ],
  [
    "publishedAt",
    "publishedat published publisheddate publicationdate publishdate reviewcreatedutc reviewcreated reviewcreatedat " +
      "reviewsubmitdateandtime reviewdate reviewedat tweetcreated tweetcreatedat createdat created createdutc createdate createddate " +
      "creationdate createtime createdtime datecreated ticketcreatedat ticketcreated submitdateutc submitdate submittedat " +
      "submitted submissiondate datesubmitted postedat posted posteddate postdate dateposted datetime dateandtime timestamp " +
      "timestampms unixreviewtime reviewtime date dateutc responsedate completedat datereceived receivedat enddate requestedat time at " +
      "reviewsubmitmillissinceepoch datum bewertungsdatum erstelltam erstelldatum erstellungsdatum veroffentlichtam " +
      "zeitstempel zeitpunkt abgeschicktam datedepublication datedelavis datedecreation datecreation creele publiele " +
      "horodatage dateheure fecha fechacreacion fechadecreacion fechapublicacion fechadepublicacion fechadelaresena " +
      "creadoel publicadoel fechahora marcatemporal horodateur",
  ],
  [
    "id",
    "reviewid tweetid idstr commentid postid messageid mentionid ticketid responseid respondentid feedbackid complaintid " +
      "recommendationid reviewuuid statusid id uuid guid bewertungsid bewertungid rezensionsid antwortid idavis avisid " +
      "idreponse idcommentaire idresena idopinion idrespuesta idcomentario nativeid #",
  ],
  [
    "rating",
    "reviewstars starrating reviewrating starsrating ratingvalue rating ratings stars star npsscore nps npsrating overall " +
      "overallrating overallscore userrating score csat csatscore satisfactionscore rate bewertung sterne gesamtbewertung " +
      "punktzahl punkte note notation noteglobale etoiles nombredetoiles calificacion puntuacion valoracion estrellas",
  ],
  ["ratingMax", "ratingmax maxrating bestrating ratingscale ratingoutof outof maxscore"],
  [
    "title",
    "reviewtitle title subject ticketsubject headline summary reviewsummary heading titel uberschrift betreff titre " +
      "titredelavis sujet objet titulo asunto",
  ],
  [
    "url",
    "reviewurl reviewlink posturl tweeturl commenturl url link permalink permalinkurl sourceurl href weburl lien enlace",
  ],
  [
    "authorHandle",
    "screenname userscreenname authorscreenname authorhandle userhandle handle authorusername twitterhandle",
  ],
  [
    "authorId",
    "authorid authoridstr userid useridstr reviewerid customerid personid requesterid contactid accountid profileid " +
      "autorid kundennummer kundenid benutzerid idclient idutilisateur idcliente idusuario",
  ],
  [
    "authorName",
    "authorname authordisplayname reviewername reviewusername displayname userdisplayname customername requestername username " +
      "author reviewer nickname user requester fullname autor verfasser kunde kundenname benutzername auteur nomduclient " +
      "utilisateur pseudo nombredelautor usuario cliente name",
  ],
  [
    "authorFollowers",
    "followers followerscount followercount userfollowers userfollowerscount authorfollowers authorfollowerscount " +
      "numfollowers",
  ],
  [
    "updatedAt",
    "updatedat updated updateddate lastupdated lastupdatedat lastupdatedate reviewlastupdatedateandtime reviewupdated " +
      "modifiedat modified lastmodified editedat dateupdated ticketupdatedat reviewlastupdatemillissinceepoch " +
      "aktualisiertam geandertam modifiele misajourle actualizadoel fechaactualizacion",
  ],
  [
    "product",
    "productname product producttitle productid app appname applicationname apptitle packagename appid application brand " +
      "brandname airline hotelname businessname businessunit asin company companyname produktname produkt marke nomduproduit " +
      "produit marque nombredelproducto producto marca",
  ],
  [
    "version",
    "appversionname appversion version versionname reviewcreatedversion productversion appversioncode",
  ],
  [
    "country",
    "countrycode country territory storefront reviewercountry usercountry consumercountry land pays pais",
  ],
  ["language", "language languagecode lang reviewerlanguage reviewlanguage locale sprache langue idioma"],
  [
    "likes",
    "likes likecount likescount numlikes favoritecount favoritescount thumbsup thumbsupcount upvotes ups votesup helpfulvotes " +
      "helpfulvote helpfulcount helpful useful publicmetricslikecount gefalltmir jaime megusta",
  ],
  [
    "replies",
    "replycount repliescount numreplies numcomments commentcount commentscount publicmetricsreplycount replies",
  ],
  [
    "shares",
    "retweetcount retweets sharecount sharescount shares reposts repostcount publicmetricsretweetcount",
  ],
  ["views", "viewcount viewscount views impressions impressioncount publicmetricsimpressioncount"],
  [
    "parentId",
    "inreplytostatusidstr inreplytostatusid inreplytoid inreplyto parentid parentcommentid replytoid",
  ],
  ["threadId", "conversationid threadid linkid"],
  ["kind", "kind mentionkind"],
].map(([field, names]) => [field as MappedField, names as string]);

/** Names a field's column has, best first. */
export function namesOfField(field: MappedField): readonly string[] {
  return HEADER_NAMES.find(([named]) => named === field)?.[1].split(" ") ?? [];
}

/** A header cell reduced to its letters and digits: `Review Created (UTC)` → `reviewcreatedutc`. */
export function plainName(column: string): string {
  if (column.trim() === "#") return "#";
  return column
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

/** Objects around a record's own columns in JSON exports, as in `attributes.rating`. `user.id` is no such: it is another's id. */
const WRAPPERS = new Set(
  "attributes data source review tweet post comment item node record properties snippet fields public_metrics".split(
    " ",
  ),
);

/** The names a column can be recognised by, best first: its whole path, and its path without what merely wraps it. */
export function namesOf(column: string): string[] {
  const whole = plainName(column);
  const path = column.split(".");
  while (path.length > 1 && WRAPPERS.has((path[0] ?? "").toLowerCase().replace(/^_/, ""))) path.shift();
  const own = plainName(path.join("."));
  return own === whole ? [whole] : [own, whole];
}
