package io.claviger.application.prices;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.application.shared.CacheListener;
import io.claviger.application.shared.SharedReads;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * Caches prices until the change feed reports a change of prices, or until the day (UTC) ends. The
 * number of cached names is limited, because callers choose the names of models. Names without a
 * price are cached too.
 */
public final class CachedPriceBook implements PriceBook, CacheListener {
  /** The id of the deployment's prices in the change feed. */
  public static final UUID DEPLOYMENT = UUID.fromString("01900000-0000-7000-8000-000000000054");

  /**
   * The maximum number of entries in the cache, each of about 1,000 bytes. A price with tiers,
   * thresholds and fees counts as several entries.
   */
  private static final int MOST = 10_000;

  private static final long A_DAY = Duration.ofDays(1).toMillis();

  private final PriceLookup prices;
  private final InstantSource clock;
  private final BooleanSupplier fresh;
  private final Cache<PriceKey, CallPrices> known;
  private final SharedReads<PriceKey, CallPrices> reads = new SharedReads<>();
  private final Object monitor = new Object();
  private long generation;

  /**
   * @param day the day (UTC), as the number of days since 1970-01-01
   */
  record PriceKey(PricedModel model, long day) implements Comparable<PriceKey> {
    /**
     * Computes the hash from only some of the fields, because this method must be fast, and because
     * entries seldom differ only in the remaining fields.
     */
    @Override
    public int hashCode() {
      return 31 * model.instance().hashCode() + model.called().name().hashCode();
    }

    @Override
    public int compareTo(PriceKey other) {
      int order = model.compareTo(other.model);
      return order == 0 ? Long.compare(day, other.day) : order;
    }
  }

  /**
   * @param fresh whether this node knows of all changes, except very recent changes, so that cached
   *     prices may be used; otherwise, prices are read from the store
   */
  public CachedPriceBook(PriceStore prices, InstantSource clock, BooleanSupplier fresh) {
    this.prices = new PriceLookup(prices);
    this.clock = clock;
    this.fresh = fresh;
    this.known =
        Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumWeight(MOST)
            .weigher((PriceKey asked, CallPrices found) -> found.weight())
            .build();
  }

  @Override
  public Optional<CallPrices> findAtOnce(PricedModel model) {
    return findAtOnce(asked(model));
  }

  @Override
  public CallPrices find(PricedModel model) {
    return find(asked(model));
  }

  @Override
  public CallPrices find(PricedModel model, LocalDate on) {
    return find(new PriceKey(model, on.toEpochDay()));
  }

  @Override
  public Optional<ModelName> modelOf(Instance.Id service) {
    return prices.modelOf(service);
  }

  private PriceKey asked(PricedModel model) {
    return new PriceKey(model, Math.floorDiv(clock.millis(), A_DAY));
  }

  private Optional<CallPrices> findAtOnce(PriceKey asked) {
    if (!asked.model().called().isKnown()) {
      return Optional.of(CallPrices.NONE);
    }
    return fresh.getAsBoolean() ? Optional.ofNullable(known.getIfPresent(asked)) : Optional.empty();
  }

  private CallPrices find(PriceKey asked) {
    return findAtOnce(asked).orElseGet(() -> shared(asked));
  }

  private CallPrices shared(PriceKey asked) {
    return reads.read(asked, () -> read(asked));
  }

  private CallPrices read(PriceKey asked) {
    long before;
    synchronized (monitor) {
      before = generation;
    }
    CallPrices found = prices.find(asked.model(), LocalDate.ofEpochDay(asked.day()));
    synchronized (monitor) {
      if (generation == before) {
        known.put(asked, found);
      }
    }
    return found;
  }

  @Override
  public void changed(Set<UUID> subjects) {
    synchronized (monitor) {
      generation++;
      if (subjects.contains(DEPLOYMENT)) {
        known.invalidateAll();
      } else {
        known
            .asMap()
            .keySet()
            .removeIf(asked -> subjects.contains(asked.model().instance().value()));
      }
    }
  }

  @Override
  public void everythingChanged() {
    synchronized (monitor) {
      generation++;
      known.invalidateAll();
    }
  }
}
