package io.claviger.stub;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The objects that one customer stored at the stub. Each key belongs to one customer. */
final class Account {
  /** The kinds of objects in all APIs. Ids are unique among the objects of one kind. */
  enum Kind {
    FILE(256L << 20),
    UPLOAD(256L << 20),
    BATCH(64L << 20),
    RESPONSE(64L << 20),
    ITEM(64L << 20),
    CONVERSATION(64L << 20),
    VECTOR_STORE(64L << 20),
    CONTAINER(64L << 20),
    CHAT(64L << 20),
    CACHE(64L << 20);

    private final long mostBytes;

    Kind(long mostBytes) {
      this.mostBytes = mostBytes;
    }
  }

  private static final int MOST_OBJECTS = 100_000;

  private final String key;
  private final long salt;
  private final long batchNanos;
  private final Function<IncomingRequest, StubResponse> lines;
  private final Map<Kind, BoundedObjects> objects = new EnumMap<>(Kind.class);
  private final Map<String, Accounts.Session> sessions;
  private final ProviderLedger ledger;
  private final List<Runnable> unfinished = new ArrayList<>();
  private long made;
  private double billedTokens;

  /**
   * @param salt a text that makes this account's ids differ from other accounts' ids
   * @param lines the function that answers one request of a batch
   * @param sessions all accounts' uploads that have addresses of their own
   * @param ledger the common bill of all accounts
   */
  Account(
      String key,
      long salt,
      long batchNanos,
      Function<IncomingRequest, StubResponse> lines,
      Map<String, Accounts.Session> sessions,
      ProviderLedger ledger) {
    this.key = key;
    this.salt = salt;
    this.batchNanos = batchNanos;
    this.lines = lines;
    this.sessions = sessions;
    this.ledger = ledger;
  }

  ProviderLedger ledger() {
    return ledger;
  }

  String key() {
    return key;
  }

  BoundedObjects of(Kind kind) {
    return objects.computeIfAbsent(kind, any -> new BoundedObjects(MOST_OBJECTS, kind.mostBytes));
  }

  String newId(String prefix) {
    return ObjectIds.of(prefix, salt + ++made);
  }

  /** Returns an id that depends only on the call. */
  String idOf(String prefix, StubCall call) {
    return ObjectIds.of(prefix, salt ^ call.id().hashCode() * 0x9E37_79B9_7F4A_7C15L);
  }

  /** Returns the id of the prompt that this account created in the provider's dashboard. */
  String promptId() {
    return ObjectIds.of("pmpt_", salt);
  }

  Map<String, Accounts.Session> sessions() {
    return sessions;
  }

  StubResponse answerLine(IncomingRequest line) {
    return lines.apply(line);
  }

  /** Runs a task after the time that batches take. */
  void afterAMoment(Runnable task) {
    long due = System.nanoTime() + batchNanos;
    Runnable[] self = new Runnable[1];
    self[0] =
        () -> {
          // This task might have run already: the task of another batch makes a call for each line
          // of that batch, and before each call, all due tasks run.
          if (System.nanoTime() - due >= 0 && unfinished.remove(self[0])) {
            task.run();
          }
        };
    unfinished.add(self[0]);
  }

  /**
   * Runs the tasks whose time has come. Running the tasks before each call is enough, because
   * nobody sees the state between two calls.
   */
  void catchUp() {
    if (!unfinished.isEmpty()) {
      List.copyOf(unfinished).forEach(Runnable::run);
    }
  }

  void bill(StubCall call) {
    @Nullable StubBill bill = call.route().operation().bill(call);
    if (bill == null) {
      return;
    }
    if (bill.kind().equals(StubBill.COMPLETIONS)) {
      billedTokens += bill.usage().total();
    }
    ledger.bill(call, bill, call.tier());
  }

  void bill(double tokens) {
    billedTokens += tokens;
  }

  /** Returns the number of tokens billed so far. Two tokens of a batch count as one. */
  double billedTokens() {
    return billedTokens;
  }
}
