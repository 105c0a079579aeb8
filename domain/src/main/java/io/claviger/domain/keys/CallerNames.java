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
 * Makes the names under which a provider knows one caller of one service. This object can contain
 * the decrypted naming key, so it exists only for one call, and its creator must close it. Only the
 * call's thread may use it.
 */
public final class CallerNames implements AutoCloseable {
  private final Supplier<Secret> opener;
  private @Nullable Secret key;
  private boolean closed;
  private final Remembered remembered;
  private final User.Id caller;
  private final NamingRules rules;

  /**
   * Cached names of one caller under one naming key, for fields that the caller did not send. The
   * names need not be kept secret, because the provider receives them with each call. All calls
   * with the same authorization share this object, even in several threads at the same time.
   */
  public static final class Remembered {
    private volatile @Nullable String promptCache;
    private volatile @Nullable String identifier;
    private volatile boolean opened;

    /** Whether the naming key was decrypted successfully before. */
    public boolean isOpened() {
      return opened;
    }

    /** Records that the naming key was decrypted successfully. */
    public void markOpened() {
      opened = true;
    }
  }

  /**
   * @param key the naming key, which is closed together with this object
   * @param caller the user who presents the token; in a call through a project, the member
   */
  public CallerNames(Secret key, User.Id caller, NamingRules rules) {
    this(() -> key, new Remembered(), caller, rules);
    this.key = key;
  }

  /**
   * @param opener the function that decrypts the naming key when the first name is needed; the key
   *     is closed together with this object
   * @param remembered the names from the caller's earlier calls of the service
   * @param caller the user who presents the token; in a call through a project, the member
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
   * Returns the value to write into a field that identifies the caller.
   *
   * @param said the value that the caller sent; empty if there is none
   * @throws IllegalArgumentException for the field that says whether the provider stores the result
   */
  public String of(CallerField field, Optional<String> said) {
    if (field.isStore()) {
      throw new IllegalArgumentException("this field does not identify the caller");
    }
    boolean isSession = field == CallerField.SESSION_ID || field == CallerField.CONTINUATION_ID;
    if (isSession && said.isPresent()) {
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

  /**
   * Whether the value that is sent in a field identifies the person. If the field also separates
   * caches, its value identifies the person only if the service sends identifiers.
   */
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

  /** Returns the idempotency key that is sent in place of the caller's idempotency key. */
  public String idempotencyKey(String said) {
    return NamingKey.name(key(), NamingKey.Purpose.IDEMPOTENCY, caller, said);
  }

  /**
   * Returns the session that is sent in place of the session in a caller's header; empty if callers
   * may choose whose cache they use.
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
