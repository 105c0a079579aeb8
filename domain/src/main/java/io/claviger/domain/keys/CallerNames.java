package io.claviger.domain.keys;

import io.claviger.domain.accounts.User;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.names.NamingRules;
import io.claviger.domain.names.PromptCache;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The names of one caller at one service. It may hold the opened naming key, so it lives as long as
 * one call, and its owner closes it. Confined to the thread of the call.
 */
public final class CallerNames implements AutoCloseable {
  private final Supplier<Secret> opener;
  private @Nullable Secret key;
  private boolean closed;
  private final Remembered remembered;
  private final User.Id caller;
  private final NamingRules rules;

  /**
   * The names of one caller under one naming key for fields in which the caller sent no value. The
   * provider receives them with each call, so they are no secrets. All calls of a grant share them,
   * and any thread may use them.
   */
  public static final class Remembered {
    private volatile @Nullable String promptCache;
    private volatile @Nullable String identifier;
    private volatile boolean opened;

    /** Whether the naming key could be opened before. */
    public boolean isOpened() {
      return opened;
    }

    /** Records that the naming key could be opened. */
    public void markOpened() {
      opened = true;
    }
  }

  /**
   * @param key closed with this object
   * @param caller whoever presents the token; in projects, too, this is the member
   */
  public CallerNames(Secret key, User.Id caller, NamingRules rules) {
    this(() -> key, new Remembered(), caller, rules);
    this.key = key;
  }

  /**
   * @param opener opens the naming key once a name has to be made; what it returns is closed with
   *     this object
   * @param remembered what calls of the same caller at the same service have made
   * @param caller whoever presents the token; in projects, too, this is the member
   */
  public CallerNames(
      Supplier<Secret> opener, Remembered remembered, User.Id caller, NamingRules rules) {
    this.opener = opener;
    this.remembered = remembered;
    this.caller = caller;
    this.rules = rules;
  }

  public NamingRules rules() {
    return rules;
  }

  /**
   * Returns what is written in a field that names the caller.
   *
   * @param said the value that the caller sent; empty if there was none
   * @throws IllegalArgumentException for the field that says whether the provider stores the result
   */
  public String of(CallerField field, Optional<String> said) {
    if (field.isStore()) {
      throw new IllegalArgumentException("this field names nobody");
    }
    if (field == CallerField.SESSION_ID && said.isPresent()) {
      return NamingKey.name(key(), NamingKey.Purpose.SESSION, caller, said.get());
    }
    boolean isIdentifier = isIdentifier(field);
    if (said.isEmpty()) {
      return isIdentifier ? identifier() : promptCache();
    }
    return isIdentifier
        ? CallerIdentifier.of(key(), caller, said.get())
        : NamingKey.name(key(), NamingKey.Purpose.PROMPT_CACHE, caller, said.get());
  }

  /** A field that separates caches too may name the person only where identifiers are sent. */
  private boolean isIdentifier(CallerField field) {
    return field.isIdentifier()
        || (field == CallerField.USER_ID && rules.attribution() == Attribution.ON);
  }

  private String identifier() {
    String known = remembered.identifier;
    if (known == null) {
      known = CallerIdentifier.of(key(), caller);
      remembered.identifier = known;
    }
    return known;
  }

  private String promptCache() {
    String known = remembered.promptCache;
    if (known == null) {
      known = NamingKey.name(key(), NamingKey.Purpose.PROMPT_CACHE, caller);
      remembered.promptCache = known;
    }
    return known;
  }

  private Secret key() {
    if (closed) {
      throw new IllegalStateException("the naming key was wiped");
    }
    Secret open = key;
    if (open == null) {
      open = opener.get();
      key = open;
    }
    return open;
  }

  /** Returns what stands for the idempotency key that the caller sent. */
  public String idempotencyKey(String said) {
    return NamingKey.name(key(), NamingKey.Purpose.IDEMPOTENCY, caller, said);
  }

  /**
   * Returns what stands for the session that the caller named in a header; empty if callers choose
   * whose cache they use.
   */
  public Optional<String> session(String said) {
    return rules.promptCache() == PromptCache.PER_CALLER
        ? Optional.of(NamingKey.name(key(), NamingKey.Purpose.SESSION, caller, said))
        : Optional.empty();
  }

  @Override
  public void close() {
    closed = true;
    if (key != null) {
      key.close();
    }
  }
}
