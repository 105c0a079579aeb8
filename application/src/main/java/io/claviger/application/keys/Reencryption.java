package io.claviger.application.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.application.keys.port.SealedValueStore.Position;
import io.claviger.application.keys.port.SealedValueStore.Replacement;
import io.claviger.application.keys.port.SealedValueStore.SealedValueBatch;
import io.claviger.application.keys.port.SealedValueStore.StoredValue;
import io.claviger.application.keys.port.SealedValueStore.Table;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.Backoff;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.KeyObstacle;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Reencrypts all values, in all tables at the same time. A pass goes through a table once. If a
 * pass could not replace a value because the value was changed at the same time, each table gets
 * another pass. While one batch of a table is written, the next batch is prepared.
 */
final class Reencryption {
  /**
   * The number of threads. There are two for each table, because one thread writes a batch while
   * another thread prepares the next batch.
   */
  private static final int THREADS = 2 * Table.values().length;

  private final EncryptionKeyStore keys;
  private final NodeStore nodes;
  private final SealedValueStore values;
  private final Transactions transactions;
  private final KeyAudit trail;
  private final EncryptionKeys.Progress progress;
  private final EncryptionKeyId under;
  private final ReencryptedBatch batches;
  private final Object first = new Object();
  private volatile long resealed;

  Reencryption(
      EncryptionKeyStore keys,
      NodeStore nodes,
      SealedValueStore values,
      Sealer sealer,
      Transactions transactions,
      KeyAudit trail,
      EncryptionKeys.Progress progress) {
    this.keys = keys;
    this.nodes = nodes;
    this.values = values;
    this.transactions = transactions;
    this.trail = trail;
    this.progress = progress;
    this.under = sealer.sealingKey();
    this.batches = new ReencryptedBatch(values, sealer);
  }

  /** The result of one pass over one table. */
  private static final class Pass {
    private long missed;
    private long unopened;
    private final List<EncryptionKeys.Unopened> named = new ArrayList<>();
    private Optional<KeyObstacle> obstacle = Optional.empty();

    private void left(List<EncryptionKeys.Unopened> more) {
      unopened += more.size();
      more.stream().limit(EncryptionKeys.MOST_NAMED - named.size()).forEach(named::add);
    }
  }

  EncryptionKeys.RotationOutcome run() {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS, work -> Thread.ofPlatform().daemon().name("sealing").unstarted(work));
    try {
      int fruitless = 0;
      while (true) {
        long before = resealed;
        List<Pass> passes = throughAll(threads);
        Optional<KeyObstacle> obstacle =
            passes.stream().flatMap(p -> p.obstacle.stream()).findFirst();
        if (obstacle.isPresent()) {
          trail.recordRefused(AuditAction.ENCRYPTION_KEY_UPDATE, obstacle.get());
          return new EncryptionKeys.RotationOutcome.Refused(obstacle.get(), resealed);
        }
        if (passes.stream().allMatch(p -> p.missed == 0)) {
          return done(passes);
        }
        fruitless = resealed == before ? fruitless + 1 : 0;
        if (fruitless > 0) {
          Backoff.pause(fruitless);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private EncryptionKeys.RotationOutcome done(List<Pass> passes) {
    return new EncryptionKeys.RotationOutcome.Done(
        under,
        resealed,
        passes.stream().mapToLong(p -> p.unopened).sum(),
        passes.stream().flatMap(p -> p.named.stream()).limit(EncryptionKeys.MOST_NAMED).toList());
  }

  private List<Pass> throughAll(ExecutorService threads) {
    List<CompletableFuture<Pass>> passes =
        Arrays.stream(Table.values())
            .map(table -> CompletableFuture.supplyAsync(() -> through(table, threads), threads))
            .toList();
    // If one pass fails, this method nevertheless waits for the other passes, because no pass
    // may continue after the method has returned.
    CompletableFuture<Void> all =
        CompletableFuture.allOf(passes.toArray(CompletableFuture<?>[]::new));
    Object unused = result(all);
    return passes.stream().map(Reencryption::result).toList();
  }

  private Pass through(Table table, ExecutorService threads) {
    Pass pass = new Pass();
    Optional<CompletableFuture<ReencryptedBatch.Prepared>> next =
        Optional.of(start(Position.beginning(table), threads));
    while (next.isPresent() && pass.obstacle.isEmpty()) {
      ReencryptedBatch.Prepared batch = result(next.get());
      next = batch.next().map(position -> start(position, threads));
      pass.left(batch.unopened());
      write(batch.replacements(), pass);
    }
    return pass;
  }

  private CompletableFuture<ReencryptedBatch.Prepared> start(
      Position after, ExecutorService threads) {
    return CompletableFuture.supplyAsync(() -> batches.after(after), threads);
  }

  private static <T> T result(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /**
   * Writes one batch. The first batch with a changed value also records the start of the
   * reencryption. Until this first batch is written, only one thread at a time may write.
   */
  private void write(List<Replacement> replacements, Pass pass) {
    if (resealed > 0) {
      writeConcurrently(replacements, pass);
      return;
    }
    synchronized (first) {
      writeConcurrently(replacements, pass);
    }
  }

  /**
   * Writes one batch. A value that was changed since it was read is reencrypted in the next pass.
   */
  private void writeConcurrently(List<Replacement> replacements, Pass pass) {
    List<Integer> replaced = new ArrayList<>();
    try {
      pass.obstacle = transactions.inTransaction(() -> replace(replacements, replaced));
      int count = replaced.stream().mapToInt(n -> n).sum();
      tell(count);
      pass.missed += pass.obstacle.isPresent() ? 0 : replacements.size() - count;
    } catch (ConcurrencyConflict e) {
      pass.missed += replacements.size();
    }
  }

  private synchronized void tell(int more) {
    resealed += more;
    progress.advance(more);
  }

  private Optional<KeyObstacle> replace(List<Replacement> replacements, List<Integer> replaced) {
    Optional<KeyObstacle> obstacle =
        EncryptionKeyStore.register(keys.all()).toRotate(under, nodes.live());
    if (obstacle.isEmpty() && !replacements.isEmpty()) {
      int count = values.replace(replacements);
      replaced.add(count);
      if (resealed == 0 && count > 0) {
        trail.recordDone(AuditAction.ENCRYPTION_KEY_UPDATE, under, List.of("values"));
      }
    }
    return obstacle;
  }

  /** Reads and reencrypts values, without writing them. */
  private record ReencryptedBatch(SealedValueStore values, Sealer sealer) {
    /**
     * The number of rows in a batch. While a batch is written, other changes to its rows wait for a
     * few tens of milliseconds.
     */
    private static final int ROWS = 2_000;

    /**
     * A batch of values. All values in the batch that could be opened are reencrypted.
     *
     * @param next the position at which the next batch begins; empty at the end of the table
     */
    record Prepared(
        List<Replacement> replacements,
        List<EncryptionKeys.Unopened> unopened,
        Optional<Position> next) {}

    Prepared after(Position position) {
      SealedValueBatch<StoredValue> batch = values.notUnder(sealer.sealingKey(), position, ROWS);
      List<Replacement> replacements = new ArrayList<>(batch.found().size());
      List<EncryptionKeys.Unopened> unopened = new ArrayList<>();
      for (StoredValue stored : batch.found()) {
        reencrypt(stored)
            .ifPresentOrElse(
                value -> replacements.add(new Replacement(stored, value)),
                () -> unopened.add(unopened(stored)));
      }
      return new Prepared(
          replacements,
          unopened,
          batch.next().filter(behind -> behind.table() == position.table()));
    }

    private Optional<SealedValue> reencrypt(StoredValue stored) {
      return stored.binding().flatMap(binding -> reencrypt(stored.value(), binding));
    }

    private Optional<SealedValue> reencrypt(SealedValue value, KeyBinding binding) {
      Optional<Secret> opened = sealer.open(value, binding);
      try {
        return opened.map(secret -> sealer.seal(secret, binding));
      } finally {
        opened.ifPresent(Secret::close);
      }
    }

    private static EncryptionKeys.Unopened unopened(StoredValue stored) {
      return new EncryptionKeys.Unopened(
          stored.kind(),
          stored.at().map(SealedValueStore.ServiceRow::ref),
          stored.holder(),
          stored.value().sealedUnder());
    }
  }
}
