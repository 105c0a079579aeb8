package io.claviger.gateway.model;

import io.claviger.domain.batches.BatchRefusal.Reason;
import io.claviger.domain.formats.CallerFields;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the fields of a JSON body that identify the caller or control whether the provider stores
 * the result.
 *
 * <p>The body is unclear in two cases. First, the body has a member with another name, such as
 * {@code User}, that some parsers treat as one of these fields. Second, the value of one of these
 * fields is not a text. If other people use the same key, the gateway does not send an unclear
 * body.
 */
final class CallerFieldScan extends JsonPart implements CallerScan {
  /**
   * The maximum number of fields that the gateway replaces in a body. The gateway refuses a body
   * with more fields.
   */
  private static final int MOST = 16;

  /**
   * The maximum number of characters of a value. Claude Code puts a JSON object of up to this
   * length into {@code metadata.user_id}.
   */
  private static final int LONGEST_VALUE = 512;

  private static final String METADATA = CallerField.METADATA_USER_ID.outerName();
  private static final String USER_ID = CallerField.METADATA_USER_ID.innerName();
  private static final String BACKGROUND = "background";
  private static final String BACKGROUND_OPTIONS = CallerField.CONTINUATION_ID.outerName();
  private static final String CONTINUATION_ID = CallerField.CONTINUATION_ID.innerName();

  /**
   * Members with fields for the provider's request. LiteLLM copies the content of such members into
   * its requests, where a copied field would replace the gateway's field. Vercel's router copies
   * the fields inside the last of these members into its request to the provider.
   */
  private static final String[] MERGED = {
    "extra_body",
    "fallbacks",
    "context_window_fallbacks",
    "content_policy_fallbacks",
    "providerOptions"
  };

  /**
   * A member that makes xAI answer a chat request later. Anybody with the chat's id can then fetch
   * the answer.
   */
  private static final String DEFERRED = "deferred";

  private final CallerFields fields;
  private final ProviderApi api;
  private final String path;

  /** The reader of the member {@code include}; null if the operation creates no responses. */
  private final @Nullable IncludeMember include;

  /**
   * The member that requests an answer in the background; null if the operation has no such member.
   */
  private final @Nullable String later;

  private final boolean readsMetadata;
  private final boolean readsOptions;
  private final CallerField[] written;
  private final Optional<CallerField> store;
  private final List<Found> found = new ArrayList<>();

  private int depth;
  private long objectAt = -1;
  private boolean isEmpty = true;
  private boolean inBackground;
  private boolean background;
  private int stores;
  private int laters;
  private int metadatas;
  private long metadataAt = -1;
  private boolean isMetadataEmpty = true;
  private boolean isAtMetadata;
  private boolean inMetadata;
  private boolean isAtOptions;
  private boolean inOptions;
  private boolean inMerged;
  private @Nullable CallerField field;
  private long from;
  private @Nullable CallError wrong;

  /**
   * @param value the caller's text, or the literal if the field is {@code store}; null if the value
   *     is the literal {@code null}
   */
  private record Found(CallerField field, long from, long to, @Nullable String value) {}

  /**
   * @param path the path after the name of the service or project
   */
  CallerFieldScan(CallerFields fields, ProviderApi api, String path) {
    boolean mayAnswerLater = api.mayAnswerLater(path);
    this.fields = fields;
    this.api = api;
    this.path = path;
    this.include = mayAnswerLater ? new IncludeMember() : null;
    this.readsMetadata = fields.written().contains(CallerField.METADATA_USER_ID);
    this.readsOptions = fields.written().contains(CallerField.CONTINUATION_ID);
    this.written = fields.written().toArray(CallerField[]::new);
    this.store = fields.store();
    this.later =
        mayAnswerLater
            ? BACKGROUND
            : fields.written().contains(CallerField.CHAT_STORE) ? DEFERRED : null;
  }

  /**
   * Returns the scan of a JSON body, either of a call or of a request in a batch.
   *
   * @param path the path after the name of the service or project
   * @return null if bodies of this operation can't contain such fields
   */
  static @Nullable CallerFieldScan of(ProviderApi api, String path) {
    CallerFields fields = api.callerFields(path);
    return fields.isEmpty() ? null : new CallerFieldScan(fields, api, path);
  }

  @Override
  public BodyEdits edits(
      CallerNames names, Isolation isolation, String service, BooleanSupplier reasons) {
    if (wrong != null) {
      throw new CallRefused(wrong);
    }
    boolean lent = isLent(isolation);
    if (background && include == null) {
      throw new CallRefused(CallError.deferredNotLent(service));
    }
    if (!lent && (background || isStored())) {
      throw new CallRefused(CallError.storeNotLent(service));
    }
    List<BodyEdits.Edit> edits = new ArrayList<>(found.size() + 3);
    for (Found one : found) {
      String written = written(one, names, lent);
      if (written != null) {
        edits.add(new BodyEdits.Edit(one.from, one.to - one.from, written));
      }
    }
    Found said = ofStore();
    boolean saysStore = said != null && said.value != null;
    boolean writesStore = !lent && !saysStore && isKeptOut(names);
    add(edits, names, lent, writesStore && canAsk() && reasons.getAsBoolean());
    return edits.isEmpty() ? BodyEdits.NONE : BodyEdits.of(edits);
  }

  @Override
  public void nothingRemains() {
    isEmpty = true;
  }

  @Override
  public Optional<ResultStorage> storage(CallerNames names, Isolation isolation) {
    if (store.isEmpty()) {
      return Optional.empty();
    }
    Found said = ofStore();
    if (said != null && "false".equals(said.value)) {
      return Optional.of(ResultStorage.NONE);
    }
    if (isLent(isolation)) {
      // Responses are stored unless the request says otherwise, and chats are stored only if the
      // request says so.
      boolean isResponse = store.get() == CallerField.RESPONSE_STORE;
      return Optional.of(isResponse || isStored() ? ResultStorage.LENT : ResultStorage.NONE);
    }
    return isKeptOut(names) ? Optional.of(ResultStorage.NONE) : Optional.empty();
  }

  /**
   * Whether the service lends storage for the result, so that the provider may store the result.
   */
  private boolean isLent(Isolation isolation) {
    return isolation.lends(ObjectKind.RESPONSES) && api.storage().find("POST", path).isPresent();
  }

  /** Whether the edited body tells the provider to store nothing. */
  private boolean isKeptOut(CallerNames names) {
    return store.isPresent()
        && (stores > 0
            || (fields.taken().contains(store.get()) && names.rules().adds(store.get())));
  }

  @Override
  public boolean requestsMore() {
    return include != null && include.requestsMore();
  }

  private boolean canAsk() {
    return include != null && include.canAsk();
  }

  /**
   * The place of the caller's identifier in the body, or the place where the gateway would add it.
   *
   * @param said the caller's own identifier; null if there is none
   * @param before the text that precedes the identifier, including its opening quote
   * @param after the text that follows the identifier, including its closing quote
   */
  record IdentifierPlace(
      long position, long removed, String before, @Nullable String said, String after) {
    BodyEdits.Edit edit(String identifier) {
      return new BodyEdits.Edit(position, removed, before + identifier + after);
    }

    /** Returns this place with an equal text of the caller, which other places have, too. */
    IdentifierPlace saying(String same) {
      return new IdentifierPlace(position, removed, before, same, after);
    }
  }

  /**
   * Returns the place of {@code metadata.user_id} in the body of a batch's request; null if the
   * operation has no such member.
   *
   * @throws BatchedCall.Faulty if the body has the member {@code metadata.user_id} twice, or
   *     identifies the caller in another field, too
   */
  @Nullable IdentifierPlace userId() {
    if (!fields.taken().contains(CallerField.METADATA_USER_ID)) {
      return null;
    }
    BatchedCall.demand(
        found.stream().allMatch(one -> one.field == CallerField.METADATA_USER_ID),
        Reason.IDENTIFIER);
    BatchedCall.demand(found.size() <= 1, Reason.UNCLEAR);
    if (!found.isEmpty()) {
      Found one = found.getFirst();
      boolean isMetadata = one.from == metadataAt;
      return new IdentifierPlace(
          one.from,
          one.to - one.from,
          isMetadata ? "{\"user_id\":\"" : "\"",
          one.value,
          isMetadata ? "\"}" : "\"");
    }
    return metadataAt < 0
        ? new IdentifierPlace(
            objectAt + 1, 0, "\"metadata\":{\"user_id\":\"", null, isEmpty ? "\"}" : "\"},")
        : new IdentifierPlace(
            metadataAt + 1, 0, "\"user_id\":\"", null, isMetadataEmpty ? "\"" : "\",");
  }

  /**
   * Returns the edit that tells a provider to store neither a request of a batch nor its answer.
   * The result is null if the operation has no such member, or if the body already says so.
   */
  BodyEdits.@Nullable Edit unstored() {
    if (!fields.taken().contains(CallerField.CONTENT_STORE)) {
      return null;
    }
    Found said = ofStore();
    if (said == null) {
      // A batch has many such edits, so the text is a constant, which is kept only once.
      return new BodyEdits.Edit(objectAt + 1, 0, isEmpty ? "\"store\":false" : "\"store\":false,");
    }
    return said.value == null ? new BodyEdits.Edit(said.from, said.to - said.from, "false") : null;
  }

  /** Whether all relevant fields have only one possible meaning. */
  boolean isClear() {
    return wrong == null;
  }

  @Override
  public boolean isBackground() {
    return background;
  }

  /** Whether the body contains a name for the prompt cache or an identifier of the caller. */
  boolean namesCaller() {
    return found.stream().anyMatch(one -> !one.field.isStore() && one.value != null);
  }

  /**
   * Whether the provider would store the result.
   *
   * @param unlessSaid whether the provider stores the result by default
   */
  boolean isStored(boolean unlessSaid) {
    return isStored() || (unlessSaid && !saysStore("false"));
  }

  private boolean isStored() {
    return saysStore("true");
  }

  private boolean saysStore(String literal) {
    for (Found one : found) {
      if (one.field.isStore() && literal.equals(one.value)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the field that controls storage; null if the body has no such field. */
  private @Nullable Found ofStore() {
    for (Found one : found) {
      if (one.field.isStore()) {
        return one;
      }
    }
    return null;
  }

  private boolean has(CallerField field) {
    for (Found one : found) {
      if (one.field == field) {
        return true;
      }
    }
    return false;
  }

  /** Returns the new value of a field; null if the value stays unchanged. */
  private @Nullable String written(Found one, CallerNames names, boolean lent) {
    if (one.field.isStore()) {
      return one.value == null && !lent ? "false" : null;
    }
    if (one.value == null) {
      return fields.taken().contains(one.field) && names.rules().adds(one.field)
          ? added(one, names)
          : null;
    }
    return names.rules().replaces(one.field)
        ? quoted(names.of(one.field, Optional.of(one.value)))
        : null;
  }

  /**
   * Returns the text that replaces the literal {@code null}. If the literal is the value of {@code
   * metadata}, the text is an object.
   */
  private String added(Found one, CallerNames names) {
    String name = quoted(names.of(one.field, Optional.empty()));
    return one.from == metadataAt ? "{\"" + USER_ID + "\":" + name + "}" : name;
  }

  private void add(
      List<BodyEdits.Edit> edits, CallerNames names, boolean lent, boolean includesMore) {
    StringBuilder outermost = new StringBuilder();
    for (CallerField each : CallerField.values()) {
      if (!fields.taken().contains(each)
          || !names.rules().adds(each)
          || (each.isStore() && lent)
          || has(each)) {
        continue;
      }
      String value = each.isStore() ? "false" : quoted(names.of(each, Optional.empty()));
      if (each != CallerField.METADATA_USER_ID) {
        append(outermost, each.wireName(), value);
      } else if (metadataAt < 0) {
        append(outermost, METADATA, "{\"" + USER_ID + "\":" + value + "}");
      } else {
        String member = '"' + USER_ID + "\":" + value + (isMetadataEmpty ? "" : ",");
        edits.add(new BodyEdits.Edit(metadataAt + 1, 0, member));
      }
    }
    String included = include != null && includesMore ? include.ask(edits) : null;
    if (included != null) {
      append(outermost, IncludeMember.NAME, included);
    }
    if (!outermost.isEmpty()) {
      edits.add(new BodyEdits.Edit(objectAt + 1, 0, outermost + (isEmpty ? "" : ",")));
    }
  }

  private static void append(StringBuilder members, String name, String value) {
    members.append(members.isEmpty() ? "\"" : ",\"").append(name).append("\":").append(value);
  }

  private static String quoted(String name) {
    return '"' + name + '"';
  }

  @Override
  void malformed() {
    wrong = CallError.CALLER_NOT_READABLE;
  }

  @Override
  void complete() {
    demand(stores <= 1 && laters <= 1 && metadatas <= 1);
    if (objectAt < 0) {
      wrong = CallError.BODY_NOT_AN_OBJECT;
    }
  }

  private void demand(boolean fulfilled) {
    if (!fulfilled) {
      wrong = CallError.CALLER_UNCLEAR;
    }
  }

  @Override
  public void opened(boolean array) {
    if (depth == 0 && !array) {
      objectAt = position();
    }
    if (isAtMetadata) {
      isAtMetadata = false;
      demand(!array);
      inMetadata = true;
      metadataAt = position();
    } else if (isAtOptions) {
      isAtOptions = false;
      demand(!array);
      inOptions = true;
    } else if (include == null || !include.opened(array, position())) {
      demandText();
    }
    depth++;
  }

  @Override
  public void closed() {
    depth--;
    inMetadata &= depth > 1;
    inOptions &= depth > 1;
    if (include != null) {
      include.closed(depth);
    }
  }

  @Override
  int longest() {
    return LONGEST_VALUE;
  }

  @Override
  public void name(ScannedText name) {
    if (depth == 1) {
      isEmpty = false;
      outermost(name);
    } else if (depth == 2 && inMetadata) {
      isMetadataEmpty = false;
      field = is(name, USER_ID) ? CallerField.METADATA_USER_ID : null;
    } else if (depth == 2 && inOptions) {
      field = is(name, CONTINUATION_ID) ? CallerField.CONTINUATION_ID : null;
    } else if (inMerged) {
      demand(!isMerged(name));
    }
  }

  /**
   * Whether a member that a router copies into its own requests is one of the fields that identify
   * the caller.
   */
  private boolean isMerged(ScannedText name) {
    for (CallerField each : written) {
      if (MemberSpelling.isLike(name, each.innerName())) {
        return true;
      }
    }
    return later != null && MemberSpelling.isLike(name, later);
  }

  private void outermost(ScannedText name) {
    field = null;
    for (CallerField each : written) {
      if (!each.isNested() && is(name, each.wireName())) {
        field = each;
      }
    }
    stores += field != null && field.isStore() ? 1 : 0;
    inMerged = false;
    for (String each : MERGED) {
      inMerged |= MemberSpelling.isLike(name, each);
    }
    isAtMetadata = readsMetadata && is(name, METADATA);
    metadatas += isAtMetadata ? 1 : 0;
    isAtOptions = readsOptions && is(name, BACKGROUND_OPTIONS);
    inBackground = later != null && is(name, later);
    laters += inBackground ? 1 : 0;
    if (include != null) {
      include.member(name.length() == IncludeMember.NAME.length() && is(name, IncludeMember.NAME));
    }
  }

  /**
   * Whether the member has the expected name. A different name makes the body unclear if parsers
   * might treat both names as the same name.
   */
  private boolean is(ScannedText name, String expected) {
    boolean same = MemberSpelling.is(name, expected);
    demand(same || !MemberSpelling.isLike(name, expected));
    return same;
  }

  @Override
  public boolean wantsText() {
    from = position();
    return (include != null && include.isElement(depth)) || (field != null && !field.isStore());
  }

  @Override
  public void text(ScannedText text) {
    if (include != null && include.isElement(depth)) {
      include.element(text);
    } else if (field == null) {
      other();
    } else if (text.isCut() || text.length() > LONGEST_VALUE) {
      wrong = CallError.CALLER_TOO_LONG;
      field = null;
    } else {
      add(from, position() + 1, text.toString());
    }
  }

  @Override
  public void literal(String literal) {
    long end = position() + 1;
    boolean isNull = literal.equals("null");
    if (include != null && include.literal(literal, end)) {
      // The member is treated as if it had no value.
    } else if (inBackground) {
      background |= literal.equals("true");
    } else if (isAtMetadata && isNull) {
      field = CallerField.METADATA_USER_ID;
      metadataAt = end - literal.length();
      add(metadataAt, end, null);
    } else if (field != null && (field.isStore() || isNull)) {
      add(end - literal.length(), end, isNull ? null : literal);
    } else {
      demandText();
    }
    inBackground = false;
    isAtMetadata = false;
  }

  private void add(long begin, long end, @Nullable String value) {
    demand(found.size() < MOST);
    if (field != null && found.size() < MOST) {
      found.add(new Found(field, begin, end, value));
    }
    field = null;
  }

  @Override
  public void other() {
    demandText();
  }

  /** Called at the beginning of a value that is neither a text nor a literal. */
  private void demandText() {
    demand(field == null && !inBackground && !isAtMetadata);
    field = null;
    inBackground = false;
    isAtMetadata = false;
    if (include != null) {
      include.value();
    }
  }
}
