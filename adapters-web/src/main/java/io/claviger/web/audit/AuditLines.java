package io.claviger.web.audit;

import io.claviger.application.audit.AuditChain.ExportedLine;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.ChainHead;
import io.claviger.domain.audit.ChainLink;
import io.claviger.domain.audit.EventTexts;
import io.claviger.web.json.JsonWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes and reads the lines of an audit trail export. Most lines are events as the API shows them,
 * with two more members: the id of the actor, and the id of the target's owner. An event that is
 * not part of the export is replaced by {@code {"link": …}}. The last line is {@code {"head": …,
 * "since": …, "until": …}}. If lines are pushed to another system, the line {@code {"continues":
 * {"number": …, "hash": …}}} names the link that precedes the next line.
 */
public final class AuditLines {
  /**
   * Refuses a line with a duplicate member. JSON parsers differ in which of the two values they
   * use.
   */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY).build();

  private static final String NO_LINE = "a line of an export of the audit trail";

  private static final String TARGET = "target_";

  private static final List<String> TERM = List.of("field", "before", "after");

  private static final Set<String> LINK =
      Set.of("number", "id", "at", "previous_hash", "content_hash", "hash");

  private static final String CONTINUES = "continues";

  /** The members of an export's last line, and of the pushed lines with heads. */
  private static final Set<String> END = Set.of("head", "since", "until");

  /**
   * The members that make up an event's link in the hash chain. An event without a link has none of
   * these members.
   */
  private static final List<String> SEAL = List.of("number", "hash", "previous_hash");

  private static final List<String> FROM_ACTOR_TO_ACTION =
      EventTexts.COLUMNS.subList(
          EventTexts.COLUMNS.indexOf("actor"), EventTexts.COLUMNS.indexOf("target_type"));

  /** The members of an event's line, apart from those inside of {@code target}. */
  private static final Set<String> EVENT =
      Stream.concat(
              EventTexts.COLUMNS.stream().filter(column -> !isOfTarget(column)),
              Stream.of(
                  "id",
                  "at",
                  "target",
                  "fields",
                  "grantee",
                  "terms",
                  "count",
                  "number",
                  "hash",
                  "previous_hash"))
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> EVENT_TARGET =
      EventTexts.COLUMNS.stream()
          .filter(AuditLines::isOfTarget)
          .map(AuditLines::member)
          .collect(Collectors.toUnmodifiableSet());

  private AuditLines() {}

  /**
   * The last line.
   *
   * @param head the signed head of the chain; empty if no head had been signed at the time of the
   *     export
   */
  public record End(Optional<ChainHead> head, TimeSpan span) {}

  public static byte[] write(ExportedLine line) {
    if (line.event().isEmpty()) {
      Map<String, @Nullable Object> link = new LinkedHashMap<>();
      line.link().ifPresent(l -> addLink(link, l));
      return JsonWriter.bytes(Map.of("link", link));
    }
    return JsonWriter.bytes(event(line.event().get(), line.link()));
  }

  private static void addLink(Map<String, @Nullable Object> json, ChainLink link) {
    json.put("number", link.number());
    json.put("id", link.event());
    json.put("at", link.at());
    json.put("previous_hash", link.previousHash());
    json.put("content_hash", link.contentHash());
    json.put("hash", link.hash());
  }

  private static Map<String, @Nullable Object> event(EventTexts event, Optional<ChainLink> link) {
    Map<String, @Nullable Object> target = new LinkedHashMap<>();
    target.put("type", text(event, "target_type"));
    target.put("id", text(event, "target_id"));
    target.put("ref", text(event, "target_ref"));
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", event.id());
    json.put("at", event.at());
    FROM_ACTOR_TO_ACTION.forEach(column -> json.put(column, text(event, column)));
    json.put("target", target);
    json.put("outcome", text(event, "outcome"));
    json.put("fields", event.fields());
    json.put("grantee", namesGrantee(event) ? named(event).orElse(null) : null);
    json.put("terms", terms(event.terms()));
    json.put("count", event.count());
    json.put("number", link.map(ChainLink::number).orElse(null));
    json.put("hash", link.map(ChainLink::hash).orElse(null));
    json.put("previous_hash", link.map(ChainLink::previousHash).orElse(null));
    json.put("actor_id", text(event, "actor_id"));
    json.put("target_owner_id", text(event, "target_owner_id"));
    return json;
  }

  private static @Nullable String text(EventTexts event, String column) {
    return event.column(column).orElse(null);
  }

  private static boolean namesGrantee(EventTexts event) {
    try {
      return event.column("action").map(AuditAction::of).orElseThrow().namesGrantee();
    } catch (InvalidValue e) {
      return false;
    }
  }

  /**
   * Returns the grantee in an event; empty if events with this action have no grantee, or if the
   * attempt did not succeed.
   */
  private static Optional<String> named(EventTexts event) {
    return event.fields().stream()
        .findFirst()
        .filter(first -> event.column("outcome").equals(Optional.of(AuditOutcome.DONE.wireName())));
  }

  private static List<Map<String, @Nullable Object>> terms(List<String> terms) {
    return IntStream.range(0, terms.size() / 3)
        .mapToObj(
            n -> {
              Map<String, @Nullable Object> term = new LinkedHashMap<>();
              term.put("field", terms.get(3 * n));
              term.put("before", present(terms.get(3 * n + 1)));
              term.put("after", present(terms.get(3 * n + 2)));
              return term;
            })
        .toList();
  }

  private static @Nullable String present(String text) {
    return text.isEmpty() ? null : text;
  }

  public static byte[] writeEnd(End end) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("head", end.head().map(ChainHeadJson::of).orElse(null));
    json.put("since", end.span().since().orElse(null));
    json.put("until", end.span().until().orElse(null));
    return JsonWriter.bytes(json);
  }

  /**
   * Writes the line that names the link before the next pushed lines.
   *
   * @param number the number of the link before the next lines; 0 if they begin the trail
   * @param hash the hash of this link; empty if the next lines begin the trail
   */
  public static byte[] writePlace(long number, String hash) {
    Map<String, @Nullable Object> place = new LinkedHashMap<>();
    place.put("number", number);
    place.put("hash", present(hash));
    return JsonWriter.bytes(Map.of(CONTINUES, place));
  }

  /**
   * Reads any line of an export except for the last line.
   *
   * @param utf8 an array that contains the text of the line, in UTF-8
   * @return the line; empty if the line has no event or link, because it is a head or a line that
   *     {@link #writePlace} wrote
   * @throws InvalidValue if the text is not a line of an export
   */
  public static Optional<ExportedLine> read(byte[] utf8, int from, int length) {
    JsonNode json = parsed(utf8, from, length);
    if (json.has("head")) {
      demandEnd(json);
      return Optional.empty();
    }
    if (json.has(CONTINUES)) {
      demandAlone(json);
      return Optional.empty();
    }
    try {
      if (json.has("link")) {
        JsonNode link = json.get("link");
        return Optional.of(
            new ExportedLine(
                Optional.of(linkAlone(json, link, id(link), at(link))), Optional.empty()));
      }
      EventTexts event = event(json);
      boolean sealed = !SEAL.stream().allMatch(member -> isAbsent(json.path(member)));
      if (!sealed && !isAsWritten(json, event)) {
        throw new InvalidValue("line", NO_LINE);
      }
      return Optional.of(
          new ExportedLine(
              sealed
                  ? Optional.of(link(json, event.id(), event.at(), contentHash(json, event)))
                  : Optional.empty(),
              Optional.of(event)));
    } catch (DateTimeException | IllegalArgumentException | JacksonException e) {
      throw new InvalidValue("line", NO_LINE);
    }
  }

  /**
   * Refuses a line that has both a head and members that do not belong to a head. If such lines
   * were accepted, an attacker could add a member {@code head} to an event, and the check would
   * skip the event.
   */
  private static void demandEnd(JsonNode json) {
    if (!END.containsAll(json.propertyNames())) {
      throw new InvalidValue("line", NO_LINE);
    }
  }

  /** Refuses a line that has more than one member, for the same reason as {@link #demandEnd}. */
  private static void demandAlone(JsonNode json) {
    if (json.size() != 1) {
      throw new InvalidValue("line", NO_LINE);
    }
  }

  /**
   * Returns the link in a line that contains a link instead of an event. If the line or its link
   * has further members, readers might take the line for an event. The returned link then has an
   * empty content hash, which differs from every hash. The content hash is also empty if the id or
   * the time is written in a way that the hash does not cover.
   */
  private static ChainLink linkAlone(JsonNode json, JsonNode link, UUID id, Instant at) {
    boolean isAsWritten = json.size() == 1 && hasOnly(LINK, link) && isPlaceAsWritten(link, id, at);
    return link(link, id, at, isAsWritten ? required(link, "content_hash") : "");
  }

  /**
   * Returns the hash of an event's content. If the line shows readers something that the hash does
   * not cover, the result is an empty text, which differs from every hash.
   */
  private static String contentHash(JsonNode json, EventTexts event) {
    return isAsWritten(json, event) ? event.hash() : "";
  }

  /**
   * Whether the line shows readers only what the hash of the event covers. The hash does not cover
   * values of a type that no event has, nor members that no event has. The hash does not cover
   * another spelling of the id or the time either, nor a grantee that is not the event's first
   * field. This method does not check which actions have a grantee, because another version of
   * Claviger might have written the line.
   */
  private static boolean isAsWritten(JsonNode json, EventTexts event) {
    JsonNode grantee = json.path("grantee");
    boolean follows =
        isAbsent(grantee)
            || (grantee.isString() && named(event).equals(Optional.of(grantee.asString())));
    return follows
        && hasMembersOfEvent(json)
        && hasTypesOfEvent(json)
        && isPlaceAsWritten(json, event.id(), event.at());
  }

  private static boolean hasMembersOfEvent(JsonNode json) {
    return hasOnly(EVENT, json)
        && hasOnly(EVENT_TARGET, json.path("target"))
        && json.path("terms").valueStream().allMatch(term -> hasOnly(TERM, term));
  }

  private static boolean hasOnly(Collection<String> members, JsonNode json) {
    return members.containsAll(json.propertyNames());
  }

  /**
   * Whether the id and the time are written as an export writes them. The hash does not cover their
   * spelling, and Java also reads other spellings: an id with further digits in front, and a time
   * with another zone.
   */
  private static boolean isPlaceAsWritten(JsonNode json, UUID id, Instant at) {
    return required(json, "id").equals(id.toString()) && required(json, "at").equals(at.toString());
  }

  private static boolean hasTypesOfEvent(JsonNode json) {
    JsonNode target = json.path("target");
    return EventTexts.COLUMNS.stream()
            .allMatch(column -> isTextOrAbsent(isOfTarget(column) ? target : json, member(column)))
        && isListOf(json.path("fields"), AuditLines::isText)
        && isListOf(
            json.path("terms"),
            term ->
                term.isObject() && TERM.stream().allMatch(member -> isTextOrAbsent(term, member)))
        && json.path("count").isIntegralNumber();
  }

  private static boolean isListOf(JsonNode list, Predicate<JsonNode> each) {
    return isAbsent(list) || (list.isArray() && list.valueStream().allMatch(each));
  }

  private static boolean isTextOrAbsent(JsonNode json, String member) {
    JsonNode value = json.path(member);
    return isAbsent(value) || isText(value);
  }

  /**
   * Whether a value is a text in which no half of a surrogate pair stands alone. The encoding in
   * UTF-8 replaces each such half by a question mark, so texts with different halves would have the
   * same hash.
   */
  private static boolean isText(JsonNode value) {
    if (!value.isString()) {
      return false;
    }
    String text = value.asString();
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private static boolean isAbsent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }

  /**
   * Whether the lines of an export contain the given column of an event inside the object {@code
   * target}.
   */
  private static boolean isOfTarget(String column) {
    return column.startsWith(TARGET) && !column.equals("target_owner_id");
  }

  /** Returns the name of the member that contains the value of a column. */
  private static String member(String column) {
    return isOfTarget(column) ? column.substring(TARGET.length()) : column;
  }

  private static ChainLink link(JsonNode json, UUID id, Instant at, String contentHash) {
    JsonNode number = json.path("number");
    if (!number.isIntegralNumber()) {
      throw new InvalidValue("line", NO_LINE);
    }
    return new ChainLink(
        number.asLong(),
        id,
        at,
        required(json, "previous_hash"),
        contentHash,
        required(json, "hash"));
  }

  private static EventTexts event(JsonNode json) {
    JsonNode target = json.path("target");
    return new EventTexts(
        id(json),
        at(json),
        EventTexts.COLUMNS.stream()
            .map(column -> optional(isOfTarget(column) ? target : json, member(column)))
            .toList(),
        json.path("fields").valueStream().map(JsonNode::asString).toList(),
        json.path("terms")
            .valueStream()
            .flatMap(term -> TERM.stream().map(member -> optional(term, member).orElse("")))
            .toList(),
        json.path("count").asLong());
  }

  private static UUID id(JsonNode json) {
    return UUID.fromString(required(json, "id"));
  }

  private static Instant at(JsonNode json) {
    return Instant.parse(required(json, "at"));
  }

  private static Optional<String> optional(JsonNode json, String member) {
    return Optional.of(json.path(member)).filter(JsonNode::isString).map(JsonNode::asString);
  }

  private static String required(JsonNode json, String member) {
    return optional(json, member).orElseThrow(() -> new InvalidValue("line", NO_LINE));
  }

  /**
   * Reads the last line of an export.
   *
   * @throws InvalidValue if the line is not the last line of an export
   */
  public static End readEnd(String line) {
    JsonNode json = parsed(line);
    if (!json.has("head")) {
      throw new InvalidValue("line", "the last line of an export of the audit trail");
    }
    demandEnd(json);
    try {
      return new End(
          json.get("head").isNull() ? Optional.empty() : Optional.of(readHead(json.get("head"))),
          new TimeSpan(
              optional(json, "since").map(Instant::parse),
              optional(json, "until").map(Instant::parse)));
    } catch (DateTimeException e) {
      throw new InvalidValue("line", "the last line of an export of the audit trail");
    }
  }

  /**
   * Reads a head from the JSON that the command {@code audit head} and the API show.
   *
   * @throws InvalidValue if the text is not the JSON of a head
   */
  public static ChainHead readHead(String text) {
    return readHead(parsed(text));
  }

  private static ChainHead readHead(JsonNode json) {
    try {
      ChainHead head =
          new ChainHead(
              json.path("number").asLong(),
              required(json, "hash"),
              Instant.parse(required(json, "at")),
              required(json, "public_key"),
              required(json, "signature"));
      // People recognize the key by its id, which the signature does not cover. So the id in the
      // JSON has to be compared with the id of the actual key.
      JsonNode shown = json.path("key_id");
      if (isAbsent(shown) || (shown.isString() && shown.asString().equals(head.keyId()))) {
        return head;
      }
    } catch (DateTimeException | JacksonException e) {
      // The exception below states the fault.
    }
    throw new InvalidValue("head", "a head as the command audit head prints it");
  }

  /**
   * Parses a line. Bytes that are not ASCII are decoded strictly as UTF-8. The parser itself would
   * also accept other encodings, and invalid UTF-8 that other programs decode differently.
   */
  private static JsonNode parsed(byte[] utf8, int from, int length) {
    try {
      return isAscii(utf8, from, length)
          ? JSON.readTree(utf8, from, length)
          : parsed(
              StandardCharsets.UTF_8
                  .newDecoder()
                  .decode(ByteBuffer.wrap(utf8, from, length))
                  .toString());
    } catch (CharacterCodingException | JacksonException e) {
      throw new InvalidValue("line", NO_LINE);
    }
  }

  private static boolean isAscii(byte[] utf8, int from, int length) {
    for (int i = from; i < from + length; i++) {
      if (utf8[i] <= 0) {
        return false; // a byte with the value 0 may be half of a UTF-16 character
      }
    }
    return true;
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (JacksonException e) {
      throw new InvalidValue("line", NO_LINE);
    }
  }
}
