package io.claviger.web.policy;

import io.claviger.domain.Field;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsInAll;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.PaceKind;
import io.claviger.domain.policy.PaceTerms;
import io.claviger.domain.policy.StorageLimits;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the field {@code limits}, which has the same form in services, shares and access tokens.
 */
public final class LimitsReader {
  private static final JsonConverter<Integer> REQUESTS_PER_MINUTE =
      JsonConverter.wholeNumber(n -> new Limits(Optional.of(n), Optional.empty(), Optional.empty()))
          .then(limits -> limits.requestsPerMinute().orElseThrow());

  private static final JsonConverter<Set<ModelPattern>> MODELS =
      JsonConverter.listOf(JsonConverter.text(ModelPattern::written))
          .then(
              models ->
                  new Limits(Optional.empty(), Optional.of(Set.copyOf(models)), Optional.empty()))
          .then(limits -> limits.models().orElseThrow());

  private static final JsonConverter<Set<Operation>> OPERATIONS =
      JsonConverter.listOf(JsonConverter.text(Operation::new))
          .then(
              operations ->
                  new Limits(
                      Optional.empty(), Optional.empty(), Optional.of(Set.copyOf(operations))))
          .then(limits -> limits.operations().orElseThrow());

  private static final JsonConverter<Integer> MAX_OUTPUT_TOKENS =
      JsonConverter.wholeNumber(Optional::of)
          .then(
              most ->
                  new Limits(
                      Optional.empty(), Optional.empty(), Optional.empty(), most, Budgets.NONE))
          .then(limits -> limits.maxOutputTokens().orElseThrow());

  private static final Map<PaceKind, JsonConverter<Integer>> PACE = paces();

  private static Map<PaceKind, JsonConverter<Integer>> paces() {
    Map<PaceKind, JsonConverter<Integer>> converters = new EnumMap<>(PaceKind.class);
    for (PaceKind kind : PaceKind.values()) {
      converters.put(
          kind,
          JsonConverter.wholeNumber(limit -> PaceTerms.of(kind, limit))
              .then(pace -> pace.of(kind).orElseThrow()));
    }
    return converters;
  }

  private static final JsonConverter<StorageKinds> STORAGE =
      JsonConverter.listOf(JsonConverter.text(StorageKinds::kind))
          .then(kinds -> new StorageKinds(Set.copyOf(kinds)));

  private static final JsonConverter<Integer> MAX_OBJECTS =
      JsonConverter.wholeNumber(StorageLimits::ofObjects)
          .then(limits -> limits.maxObjects().orElseThrow());

  private static final JsonConverter<Long> MAX_BYTES =
      JsonConverter.bigNumber(StorageLimits::ofBytes)
          .then(limits -> limits.maxBytes().orElseThrow());

  private static final JsonConverter<Boolean> OBJECTS =
      JsonConverter.text(StorageLimits::reaching).then(StorageLimits::ofUser);

  private static final JsonConverter<LimitsInAll.Write> IN_ALL =
      JsonConverter.objectOrNull(fields -> Optional.of(inAll(fields)));

  private LimitsReader() {}

  /**
   * Reads the limits of an object.
   *
   * @param fields the fields of an object that has the field {@code limits}
   */
  public static LimitsWrite read(JsonObject fields) {
    return fields.nested("limits").map(LimitsReader::allParts).orElse(LimitsWrite.ABSENT);
  }

  /**
   * Reads limits from the field with the given name. The field must not contain limits on storage.
   *
   * @param name the name of the field with the limits
   */
  public static LimitsWrite read(JsonObject fields, String name) {
    return fields.nested(name).map(LimitsReader::parts).orElse(LimitsWrite.ABSENT);
  }

  private static LimitsWrite allParts(JsonObject limits) {
    LimitsWrite use = fields(limits);
    LimitsWrite write =
        use.with(
            new LimitsWrite.StorageWrite(
                limits.nullable("storage", STORAGE),
                limits.nullable("max_objects", MAX_OBJECTS),
                limits.nullable("max_bytes", MAX_BYTES),
                limits.nullable("objects", OBJECTS)));
    limits.recordUnknownFields();
    return write;
  }

  private static LimitsWrite parts(JsonObject limits) {
    LimitsWrite write = fields(limits);
    limits.recordUnknownFields();
    return write;
  }

  /** Reads limits from an object in which each limit is a field. */
  public static LimitsWrite fields(JsonObject limits) {
    return new LimitsWrite(
            limits.nullable("requests_per_minute", REQUESTS_PER_MINUTE),
            limits.nullable("models", MODELS),
            limits.nullable("operations", OPERATIONS),
            limits.nullable("max_output_tokens", MAX_OUTPUT_TOKENS),
            limits.nullable("budgets", BudgetReader.LIST))
        .with(pace(limits));
  }

  /**
   * Reads the limits for all callers of a service together. If the field is null, all these limits
   * are removed.
   *
   * @param name the name of the field with the limits
   */
  public static LimitsInAll.Write inAll(JsonObject fields, String name) {
    Field<LimitsInAll.Write> write = fields.nullable(name, IN_ALL);
    return write
        .or(Optional.of(LimitsInAll.Write.ABSENT))
        .orElse(LimitsInAll.Write.of(LimitsInAll.NONE));
  }

  private static LimitsInAll.Write inAll(JsonObject limits) {
    LimitsInAll.Write write =
        new LimitsInAll.Write(
            limits.nullable("requests_per_minute", REQUESTS_PER_MINUTE), pace(limits));
    limits.recordUnknownFields();
    return write;
  }

  private static PaceTerms.Write pace(JsonObject limits) {
    Map<PaceKind, Field<Integer>> each = new EnumMap<>(PaceKind.class);
    PACE.forEach(
        (kind, converter) -> {
          Field<Integer> field = limits.nullable(kind.wireName(), converter);
          if (!field.isAbsent()) {
            each.put(kind, field);
          }
        });
    return new PaceTerms.Write(each);
  }
}
