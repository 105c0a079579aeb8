package io.claviger.domain.keys;

import io.claviger.domain.accounts.User;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.names.NamingRules;
import java.util.Optional;

/**
 * The names of one caller at one service. It holds the opened naming key, so it lives as long as
 * one call, and its owner closes it.
 */
public final class CallerNames implements AutoCloseable {
  private final Secret key;
  private final User.Id caller;
  private final NamingRules rules;

  /**
   * @param key closed with this object
   * @param caller whoever presents the token; in projects, too, this is the member
   */
  public CallerNames(Secret key, User.Id caller, NamingRules rules) {
    this.key = key;
    this.caller = caller;
    this.rules = rules;
  }

  public NamingRules rules() {
    return rules;
  }

  /**
   * Returns what is written in a field that names the caller.
   *
   * @param said the caller's value; empty if the caller sent none
   * @throws IllegalArgumentException for a field that says if the provider stores something
   */
  public String of(CallerField field, Optional<String> said) {
    if (field.isStore()) {
      throw new IllegalArgumentException("this field names nobody");
    }
    if (field.isIdentifier()) {
      return said.map(value -> CallerIdentifier.of(key, caller, value))
          .orElseGet(() -> CallerIdentifier.of(key, caller));
    }
    return said.map(value -> NamingKey.name(key, NamingKey.Purpose.PROMPT_CACHE, caller, value))
        .orElseGet(() -> NamingKey.name(key, NamingKey.Purpose.PROMPT_CACHE, caller));
  }

  /** Returns what stands for the idempotency key that the caller sent. */
  public String idempotencyKey(String said) {
    return NamingKey.name(key, NamingKey.Purpose.IDEMPOTENCY, caller, said);
  }

  @Override
  public void close() {
    key.close();
  }
}
