package io.claviger.application.fakes;

import io.claviger.application.gateway.port.PaceLeases;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** {@link PaceLeases} in memory, with a clock that all nodes share. */
public final class InMemoryPaceLeases implements PaceLeases {
  private static final Duration WINDOW = Duration.ofSeconds(60);
  private static final int MOST_MINUTES_OWED = 1_440;

  private final InstantSource clock;
  private final List<Granted> tokens = new ArrayList<>();
  private final Map<String, Debt> debts = new HashMap<>();
  private final List<Places> places = new ArrayList<>();
  private long last;

  public InMemoryPaceLeases(InstantSource clock) {
    this.clock = clock;
  }

  private record Granted(long id, String subject, long tokens, Instant endsAt) {
    /** The clock was set back since a lease began that ends later than one that begins now. */
    Granted until(Instant latest) {
      return endsAt.isAfter(latest) ? new Granted(id, subject, tokens, latest) : this;
    }
  }

  private record Debt(long owed, Instant triedAt) {
    long at(Instant now, long perMinute) {
      long minutes = Math.max(0, Duration.between(triedAt, now).toMinutes() - 1);
      return Math.max(0, owed - perMinute * minutes);
    }
  }

  private record Places(String subject, UUID node, int places, Instant endsAt) {
    boolean isOf(String other, UUID one) {
      return subject.equals(other) && node.equals(one);
    }

    Places until(Instant latest) {
      return endsAt.isAfter(latest) ? new Places(subject, node, places, latest) : this;
    }
  }

  @Override
  public synchronized TokenLease leaseTokens(
      String subject, long perMinute, long needed, long wanted, Duration lifetime) {
    Instant now = clock.instant();
    tokens.removeIf(g -> !g.endsAt().isAfter(now.minus(WINDOW)));
    tokens.replaceAll(g -> g.subject().equals(subject) ? g.until(now.plus(lifetime)) : g);
    long free = perMinute - counted(subject);
    Debt debt = debts.remove(subject);
    long owed = debt == null ? 0 : debt.at(now, perMinute);
    long paid = Math.min(owed, Math.max(0, free));
    if (paid > 0) {
      grant(subject, paid, now);
    }
    if (owed > paid) {
      debts.put(subject, new Debt(owed - paid, now));
    }
    if (free - paid >= needed) {
      long granted = Math.min(wanted, free - paid);
      return new TokenLease(grant(subject, granted, now.plus(lifetime)), granted, Duration.ZERO);
    }
    return new TokenLease(
        0, 0, owed > paid ? WINDOW : retryAfter(subject, needed - (free - paid), now));
  }

  private long counted(String subject) {
    return tokens.stream()
        .filter(g -> g.subject().equals(subject))
        .mapToLong(Granted::tokens)
        .sum();
  }

  private long grant(String subject, long granted, Instant endsAt) {
    last++;
    tokens.add(new Granted(last, subject, granted, endsAt));
    return last;
  }

  private Duration retryAfter(String subject, long missing, Instant now) {
    long freed = 0;
    for (Granted each :
        tokens.stream()
            .filter(g -> g.subject().equals(subject))
            .sorted(Comparator.comparing(Granted::endsAt))
            .toList()) {
      freed += each.tokens();
      if (freed >= missing) {
        Duration wait = Duration.between(now, each.endsAt().plus(WINDOW));
        return wait.compareTo(WINDOW) > 0 ? WINDOW : wait;
      }
    }
    return WINDOW;
  }

  @Override
  public synchronized void giveBack(Collection<UsedTokens> leases) {
    Instant now = clock.instant();
    for (UsedTokens used : leases) {
      tokens.replaceAll(
          g ->
              g.id() == used.lease() && g.subject().equals(used.subject())
                  ? new Granted(
                      g.id(),
                      g.subject(),
                      Math.min(g.tokens(), used.used()),
                      g.endsAt().isBefore(now) ? g.endsAt() : now)
                  : g);
    }
  }

  @Override
  public synchronized void owe(String subject, long perMinute, long more) {
    Instant now = clock.instant();
    Debt before = debts.get(subject);
    long owed = before == null ? 0 : before.at(now, perMinute);
    debts.put(subject, new Debt(Math.min(MOST_MINUTES_OWED * perMinute, owed + more), now));
  }

  @Override
  public synchronized int leasePlaces(PlaceWish wish, int most, Duration lifetime) {
    Instant now = clock.instant();
    places.removeIf(p -> p.isOf(wish.subject(), wish.node()) || !p.endsAt().isAfter(now));
    places.replaceAll(p -> p.subject().equals(wish.subject()) ? p.until(now.plus(lifetime)) : p);
    int others =
        places.stream()
            .filter(p -> p.subject().equals(wish.subject()))
            .mapToInt(Places::places)
            .sum();
    int held = Math.max(wish.running(), Math.min(wish.wanted(), most - others));
    if (held > 0) {
      places.add(new Places(wish.subject(), wish.node(), held, now.plus(lifetime)));
    }
    return Math.max(0, held);
  }

  @Override
  public synchronized Set<String> renewPlaces(
      UUID node, Collection<PlaceWish> wishes, Duration lifetime) {
    Instant now = clock.instant();
    Set<String> renewed = new HashSet<>();
    for (PlaceWish wish : wishes) {
      List<Places> mine =
          places.stream()
              .filter(p -> p.isOf(wish.subject(), node) && p.endsAt().isAfter(now))
              .toList();
      for (Places before : mine) {
        places.remove(before);
        if (wish.wanted() > 0) {
          int held = Math.min(before.places(), wish.wanted());
          places.add(new Places(wish.subject(), node, held, now.plus(lifetime)));
          renewed.add(wish.subject());
        }
      }
    }
    return renewed;
  }
}
