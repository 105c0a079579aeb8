package io.claviger.stub;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of a stub. The API key of a call identifies the call's account. Only the event loop
 * uses these accounts. A stub has at most 1,000 accounts. For each further account, the oldest
 * account is removed.
 */
final class Accounts {
  private static final int MOST = 1_000;

  /** An upload with its own address, to which callers send data without credentials. */
  record Session(Account account, Object upload) {}

  private static final AtomicLong STUBS = new AtomicLong();

  private final StubOptions options;
  private final Function<IncomingRequest, StubResponse> lines;
  private final Map<String, Account> accounts = bounded();
  private final Map<String, Session> sessions = bounded();
  private final PrefixCache promptCache;
  private final ProviderLedger ledger;

  /** Makes this stub's ids differ from the ids of other stubs in the same process. */
  private final long salt = STUBS.incrementAndGet();

  /**
   * @param lines the function that answers one request of a batch
   */
  Accounts(StubOptions options, Function<IncomingRequest, StubResponse> lines) {
    this.options = options;
    this.lines = lines;
    this.promptCache = new PrefixCache();
    this.ledger = new ProviderLedger(options.recording());
  }

  ProviderLedger ledger() {
    return ledger;
  }

  private static <T> Map<String, T> bounded() {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
        return size() > MOST;
      }
    };
  }

  Account of(@Nullable String key) {
    return accounts.computeIfAbsent(
        key == null ? "" : key,
        name ->
            new Account(
                name,
                salt * 1_000_003 + name.hashCode() * 0x9E37_79B9_7F4A_7C15L,
                options.batchTime().toNanos(),
                lines,
                sessions,
                ledger));
  }

  /**
   * Returns how much of a call's input was already in the prompt cache, and adds the input to the
   * cache.
   */
  int cachedTokens(StubCall call) {
    @Nullable String cacheKey = call.fields().scalar("prompt_cache_key");
    List<String> texts = new ArrayList<>(call.fields().texts("instructions"));
    texts.addAll(call.prompts());
    return promptCache.read(call.account().key(), cacheKey == null ? "" : cacheKey, texts);
  }

  /** Returns the ids of an account's objects that are not part of another object. */
  List<String> ids(String key) {
    Account account = of(key);
    account.catchUp();
    List<String> ids = new ArrayList<>();
    for (Account.Kind kind : Account.Kind.values()) {
      Collection<String> each = account.of(kind).ids();
      ids.addAll(each);
    }
    return ids;
  }

  void forget() {
    accounts.clear();
    sessions.clear();
  }
}
