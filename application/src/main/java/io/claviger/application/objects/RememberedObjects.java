package io.claviger.application.objects;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.application.objects.port.ObjectLedger.Entry;
import io.claviger.application.shared.CacheIndex;
import io.claviger.application.shared.CacheListener;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A node's cache of the ledger of provider objects, which is used only while the node knows of all
 * changes. Only objects that exist are cached, because the change feed does not report new objects.
 * The entries of a user take at most a quarter of the cache. Safe for use by several threads.
 */
public final class RememberedObjects implements CacheListener {
  /** The maximum total size of the cached entries, in bytes. */
  static final long MOST = 16L << 20;

  private static final int SHARE_OF_A_USER = 4;

  /**
   * The size in bytes of a cached entry with its key and its index entries, but without its texts.
   */
  private static final int ENTRY = 1_150;

  private record Asked(Instance.Id service, User.Id user, ObjectName name)
      implements Comparable<Asked> {
    private static final Comparator<Asked> ORDER =
        Comparator.comparing(Asked::name)
            .thenComparing(asked -> asked.service().value())
            .thenComparing(asked -> asked.user().value());

    @Override
    public int compareTo(Asked other) {
      return ORDER.compare(this, other);
    }
  }

  private record Kept(Entry entry, Set<UUID> subjects, int weight) {}

  private final BooleanSupplier fresh;
  private final CacheIndex<Asked> index = new CacheIndex<>();
  private final Cache<Asked, Kept> kept;
  private long generation;

  /**
   * @param fresh whether this node knows of all changes, except very recent changes
   */
  public RememberedObjects(BooleanSupplier fresh) {
    this.fresh = fresh;
    // Evictions run in the thread that causes them, so the size limit of the cache is never
    // exceeded.
    this.kept =
        Caffeine.newBuilder()
            .maximumWeight(MOST)
            .weigher((Asked asked, Kept value) -> value.weight())
            .executor(Runnable::run)
            .evictionListener((asked, value, cause) -> unlist(asked, value))
            .build();
  }

  /**
   * Returns the cached entry; empty if no entry is cached, or if the cache might be out of date.
   * Never blocks.
   */
  Optional<Entry> find(Instance.Id service, User.Id user, ObjectName name) {
    return fresh.getAsBoolean()
        ? Optional.ofNullable(kept.getIfPresent(new Asked(service, user, name))).map(Kept::entry)
        : Optional.empty();
  }

  /** Returns a number that increases whenever entries of the cache are removed. */
  synchronized long generation() {
    return generation;
  }

  /**
   * Caches an entry unless entries were removed since the caller got the given generation, which is
   * a number that increases with each removal. The caller must get the generation before reading
   * the entry.
   */
  synchronized void keep(long before, Instance.Id service, User.Id user, Entry entry) {
    if (generation != before || entry.subject().isEmpty()) {
      return;
    }
    Asked asked = new Asked(service, user, entry.name());
    remove(asked);
    int weight = weight(entry);
    Set<UUID> subjects =
        Set.copyOf(
            List.of(
                entry.subject().get(),
                service.value(),
                user.value(),
                subjectOf(service, entry.name())));
    index.oldestBeyond(MOST / SHARE_OF_A_USER - weight, user).forEach(this::remove);
    // The entry has to be in the index before it is in the cache. The cache might evict the entry
    // immediately, and then removes it from the index.
    index.add(asked, user, subjects, weight);
    kept.put(asked, new Kept(entry, subjects, weight));
  }

  private static int weight(Entry entry) {
    int object =
        entry
            .object()
            .map(
                o ->
                    o.parent().map(String::length).orElse(0)
                        + o.purpose().map(String::length).orElse(0)
                        + 80 * o.tokens().size())
            .orElse(0);
    return ENTRY + 2 * entry.name().id().length() + object;
  }

  /** Removes all users' entries about an object that no longer exists. */
  synchronized void forget(Instance.Id service, ObjectName name) {
    generation++;
    index.dependingOn(Set.of(subjectOf(service, name))).forEach(this::remove);
  }

  /**
   * Returns an id by which all users' entries about an object are found, so that forgetting one
   * object takes no longer if the cache has many others. If two objects have the same id, both are
   * forgotten, which does no harm.
   */
  private static UUID subjectOf(Instance.Id service, ObjectName name) {
    UUID id = service.value();
    return new UUID(id.getMostSignificantBits() ^ id.getLeastSignificantBits(), name.hashCode());
  }

  @Override
  public synchronized void changed(Set<UUID> subjects) {
    generation++;
    index.dependingOn(subjects).forEach(this::remove);
  }

  @Override
  public synchronized void everythingChanged() {
    generation++;
    index.all().forEach(this::remove);
  }

  private void remove(Asked asked) {
    unlist(asked, kept.asMap().remove(asked));
  }

  private void unlist(@Nullable Asked asked, @Nullable Kept value) {
    if (asked != null && value != null) {
      index.remove(asked, asked.user(), value.subjects(), value.weight());
    }
  }
}
