package io.claviger.oidc.trust;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import io.claviger.domain.identity.Issuer;
import io.claviger.oidc.PublishedKeySets;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signing keys of one trusted issuer. The keys are fetched when a JWT needs them, and again
 * after an hour. If a JWT names an unknown key, the keys are fetched again. The keys are fetched
 * again at most once a minute, however many such JWTs arrive. While the issuer does not answer, the
 * last fetched keys are used for some hours.
 */
final class IssuerKeys {
  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
  private static final Duration FRESH = Duration.ofHours(1);
  private static final Duration USABLE = Duration.ofHours(12);
  private static final Duration BETWEEN_FETCHES = Duration.ofMinutes(1);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
  private static final int MOST_WAITING = 16;
  private static final int MOST_TRIED = 16;

  private final Issuer issuer;
  private final IssuerDocuments documents;
  private final LongSupplier nanos;
  private final Duration patience;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile Optional<Known> known = Optional.empty();
  private volatile Optional<KeyFetch> last = Optional.empty();

  /**
   * @param patience the maximum time for which a thread waits for another thread that is fetching
   *     the keys
   */
  IssuerKeys(Issuer issuer, IssuerDocuments documents, LongSupplier nanos, Duration patience) {
    this.issuer = issuer;
    this.documents = documents;
    this.nanos = nanos;
    this.patience = patience;
  }

  private record Known(JWKSet keys, long at) {}

  private record KeyFetch(long at, boolean failed) {}

  /** Thrown if a JWT needs the keys, but the keys can't be fetched. */
  static final class Unavailable extends Exception {
    Unavailable() {
      super("the keys of an issuer can't be fetched", null, false, false);
    }
  }

  /**
   * Returns the keys that might have signed a JWT, according to its key id, type and algorithm.
   * Returns at most {@value #MOST_TRIED} keys, because a JWT that names no key is verified with
   * each of them.
   *
   * @return the keys; empty if the issuer has no such key
   * @throws Unavailable if the issuer's keys are unknown and can't be fetched now
   */
  List<JWK> matching(JWSHeader header) throws Unavailable {
    Optional<Known> before = usable();
    List<JWK> matching = before.map(known -> select(known, header)).orElse(List.of());
    if (before.isPresent() && !isOlder(before.get().at(), FRESH) && !matching.isEmpty()) {
      return matching;
    }
    if (mayFetch()) {
      fetchOnce();
    }
    return select(usable().orElseThrow(Unavailable::new), header);
  }

  private static List<JWK> select(Known known, JWSHeader header) {
    List<JWK> matching = new JWKSelector(JWKMatcher.forJWSHeader(header)).select(known.keys());
    return matching.subList(0, Math.min(MOST_TRIED, matching.size()));
  }

  private Optional<Known> usable() {
    return known.filter(keys -> !isOlder(keys.at(), USABLE));
  }

  /**
   * Whether this node may fetch the issuer's keys now. The pause after a failed attempt is shorter
   * if no keys are known.
   */
  private boolean mayFetch() {
    Optional<KeyFetch> before = last;
    if (before.isEmpty()) {
      return true;
    }
    boolean soon = before.get().failed() && usable().isEmpty();
    return isOlder(before.get().at(), soon ? AFTER_FAILURE : BETWEEN_FETCHES);
  }

  private boolean isOlder(long then, Duration age) {
    return nanos.getAsLong() - then >= age.toNanos();
  }

  private void fetchOnce() {
    if (fetching.getQueueLength() >= MOST_WAITING || !locked()) {
      return;
    }
    try {
      if (mayFetch()) {
        fetch();
      }
    } finally {
      fetching.unlock();
    }
  }

  private boolean locked() {
    try {
      return fetching.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void fetch() {
    try {
      JWKSet keys = JWKSet.parse(documents.get(keysAddress()));
      known = Optional.of(new Known(keys, nanos.getAsLong()));
      last = Optional.of(new KeyFetch(nanos.getAsLong(), false));
    } catch (IOException | ParseException | RuntimeException e) {
      last = Optional.of(new KeyFetch(nanos.getAsLong(), true));
      // The parser's message is left out, because it might repeat parts of the issuer's answer.
      LOG.warn("the keys of issuer {} can't be fetched: {}", issuer, e.getClass().getSimpleName());
    }
  }

  private URI keysAddress() throws IOException, ParseException {
    String base = issuer.value().replaceFirst("/$", "");
    return PublishedKeySets.addressIn(
        documents.get(URI.create(base + "/.well-known/openid-configuration")), issuer);
  }
}
