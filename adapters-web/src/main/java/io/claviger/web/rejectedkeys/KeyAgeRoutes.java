package io.claviger.web.rejectedkeys;

import io.claviger.application.rejectedkeys.RejectedKeys;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore.AgedKey;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore.OwnKeyCounts;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.InvalidValue;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Query;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** {@code /v1/key-ages}. */
public final class KeyAgeRoutes implements RouteGroup {
  private final RejectedKeys keys;

  public KeyAgeRoutes(RejectedKeys keys) {
    this.keys = keys;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/key-ages").get(this::list, "older_than_days", "rejected", "limit", "cursor");
  }

  private void list(ApiCall call) {
    Query query = call.query();
    Optional<Instant> setBefore =
        query.value("older_than_days", text -> daysAgo("older_than_days", text));
    boolean rejected = query.flag("rejected").orElse(false);
    PageRequest<TimeCursor> page = call.page(CursorFormat.TIME);
    RejectedKeys.KeyAges found =
        Problems.valueOf(keys.ages(call.actor(), setBefore, rejected, page));
    call.list(
        found.page(),
        CursorFormat.TIME,
        KeyAgeJson::of,
        Map.of("own_keys", OwnJson.of(found.own())));
  }

  /**
   * Reads a number of days, and returns the time that is this many days ago.
   *
   * @throws InvalidValue if the number is not from 0 to 36,500; the exception names the given field
   */
  public static Instant daysAgo(String name, String text) {
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 36_500) {
      throw new InvalidValue(name, "0 to 36,500 days");
    }
    return InstantSource.system().instant().minus(Duration.ofDays(Integer.parseInt(text)));
  }

  /** The age and state of the API key of a service, without the key itself. */
  record KeyAgeJson(
      String service, Instant setAt, Optional<Instant> rejectedSince, Optional<Integer> status) {
    static KeyAgeJson of(AgedKey key) {
      return new KeyAgeJson(key.ref().toString(), key.setAt(), key.rejectedSince(), key.status());
    }
  }

  /**
   * The number of keys that people have stored for their own use: all keys, old keys, and rejected
   * keys.
   */
  record OwnJson(long stored, long old, long rejected) {
    static OwnJson of(OwnKeyCounts own) {
      return new OwnJson(own.stored(), own.old(), own.rejected());
    }
  }
}
