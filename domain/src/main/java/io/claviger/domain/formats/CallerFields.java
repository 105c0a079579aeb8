package io.claviger.domain.formats;

import io.claviger.domain.names.CallerField;
import io.claviger.domain.names.NamingRules;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of an operation's requests that identify the caller or say whether the result is
 * stored.
 *
 * @param written the fields whose values the gateway replaces if the caller sends them
 * @param taken the fields that the operation is known to accept, so that the gateway can add them
 *     to requests without them
 */
public record CallerFields(Set<CallerField> written, Set<CallerField> taken) {
  public static final CallerFields NONE = new CallerFields(Set.of(), Set.of());

  private static final Set<CallerField> OF_SERVERS =
      Set.of(CallerField.CACHE_SALT, CallerField.PROMPT_CACHE_ISOLATION_KEY);

  static final CallerFields OF_RESPONSES =
      of(EnumSet.of(CallerField.RESPONSE_STORE)).and(CallerField.CONTINUATION_ID);
  static final CallerFields OF_CHATS = of(EnumSet.of(CallerField.CHAT_STORE, CallerField.USER_ID));
  static final CallerFields OF_OTHERS = new CallerFields(OF_CHATS.without(), Set.of());
  static final CallerFields OF_TEXTS = new CallerFields(OF_OTHERS.written(), OF_SERVERS);
  static final CallerFields OF_COMPACTION =
      new CallerFields(OF_OTHERS.written(), Set.of(CallerField.PROMPT_CACHE_KEY));
  static final CallerFields OF_CONTENTS =
      new CallerFields(Set.of(CallerField.CONTENT_STORE), Set.of(CallerField.CONTENT_STORE));
  static final CallerFields OF_STABLE_CONTENTS = new CallerFields(OF_CONTENTS.written(), Set.of());

  /**
   * The fields that routers read in the requests of every API. Routers distinguish callers by some
   * of these fields, and forward the others to providers with OpenAI's API.
   */
  static final CallerFields OF_ROUTERS =
      new CallerFields(
          Set.of(
              CallerField.USER,
              CallerField.SESSION_ID,
              CallerField.CHAT_STORE,
              CallerField.PROMPT_CACHE_KEY,
              CallerField.SAFETY_IDENTIFIER),
          Set.of());

  static final CallerFields OF_MESSAGES = ofMessages(Set.of(CallerField.METADATA_USER_ID));
  static final CallerFields OF_COUNTS = ofMessages(Set.of());

  public CallerFields {
    written = Set.copyOf(written);
    taken = Set.copyOf(taken);
  }

  /**
   * @param own the fields that this operation is known to accept in addition to the usual fields
   */
  private static CallerFields of(Set<CallerField> own) {
    Set<CallerField> taken =
        EnumSet.of(CallerField.PROMPT_CACHE_KEY, CallerField.SAFETY_IDENTIFIER);
    taken.addAll(own);
    taken.addAll(OF_SERVERS);
    Set<CallerField> written = EnumSet.copyOf(taken);
    written.addAll(
        EnumSet.of(
            CallerField.USER, CallerField.USER_ID, CallerField.SESSION_ID, CallerField.EXTRA_KEY));
    return new CallerFields(written, taken);
  }

  private static CallerFields ofMessages(Set<CallerField> taken) {
    Set<CallerField> written = EnumSet.copyOf(OF_ROUTERS.written());
    written.add(CallerField.METADATA_USER_ID);
    return new CallerFields(written, taken);
  }

  private CallerFields and(CallerField replaced) {
    Set<CallerField> all = EnumSet.copyOf(written);
    all.add(replaced);
    return new CallerFields(all, taken);
  }

  private Set<CallerField> without() {
    Set<CallerField> others = EnumSet.copyOf(written);
    others.removeIf(CallerField::isStore);
    return others;
  }

  public boolean isEmpty() {
    return written.isEmpty();
  }

  /** Whether, according to a service's rules, the gateway writes at least one of the fields. */
  public boolean concern(NamingRules rules) {
    for (CallerField field : written) {
      if (rules.replaces(field)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the field that says whether the result is stored; empty if the operation stores
   * nothing.
   */
  public Optional<CallerField> store() {
    for (CallerField field : written) {
      if (field.isStore()) {
        return Optional.of(field);
      }
    }
    return Optional.empty();
  }
}
