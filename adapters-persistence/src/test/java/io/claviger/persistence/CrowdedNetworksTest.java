package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.identity.port.SignInStore;
import io.claviger.application.oauth.DeviceGrants;
import io.claviger.application.oauth.DeviceGrants.DeviceGrantStart.Begun;
import io.claviger.application.oauth.DeviceGrants.DeviceGrantStart.TooMany;
import io.claviger.application.oauth.DeviceGrants.Requester;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.identity.ReturnPath;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Somebody with a large IPv6 network begins as many things as possible. */
@Tag("measurement")
final class CrowdedNetworksTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private static final Requester PERSON = new Requester("198.51.100.7", "request");

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
  }

  @Test
  void one_network_of_56_bits_begins_200_device_sign_ins() {
    int begun = 0;
    for (int i = 0; i < 400; i++) {
      Requester from = new Requester("2001:db8:0:" + Integer.toHexString(i % 256) + "::1", "r");
      begun += USE.deviceGrants.begin(TokenScope.USE, from) instanceof Begun ? 1 : 0;
    }

    assertThat(begun).isEqualTo(200);
    assertThat(USE.deviceGrants.begin(TokenScope.USE, new Requester("2001:db8::2", "r")))
        .isInstanceOf(TooMany.class);
    assertThat(USE.deviceGrants.begin(TokenScope.USE, PERSON)).isInstanceOf(Begun.class);
  }

  @Test
  void the_most_crowded_network_makes_room_for_others() {
    Begun own = (Begun) USE.deviceGrants.begin(TokenScope.USE, PERSON);
    change(
        """
        insert into device_codes (
          id, device_code_hash, user_code, scope, address, address_block, wide_block, site_block,
          created_at, expires_at, interval_seconds)
        select
          gen_random_uuid(), sha256(int4send(n)),
          translate(lpad(to_hex(n), 8, '0'), '0123456789abcdef', 'BCDFGHJKLMNPQRST'), 'use',
          '2001:db8::1', 'block ' || n / 50, 'wide ' || n / 200, 'site ' || n / 800, now(),
          now() + interval '10 minutes', 5
        from generate_series(1, 9999) n
        """);
    assertThat(count("device_codes")).isEqualTo(DeviceGrants.MOST_OPEN);

    assertThat(USE.deviceGrants.begin(TokenScope.USE, new Requester("203.0.113.1", "r")))
        .isInstanceOf(Begun.class);

    assertThat(count("device_codes")).isEqualTo(DeviceGrants.MOST_OPEN - 9);
    assertThat(PORTS.deviceCodes().find(own.deviceCode().hash())).isPresent();
  }

  @Test
  void the_most_crowded_network_makes_room_for_sign_ins_of_others() {
    assertThat(PORTS.signIns().insert(attempt(1), "198.51.100.7")).isTrue();
    change(
        """
        insert into sign_ins (
          state_hash, binding_hash, return_path, origin, wide_origin, site_origin, begun_at)
        select
          sha256(int4send(n)), sha256(int4send(n)), '/console', 'block ' || n / 1000,
          'wide ' || n / 2000, 'site ' || n / 8000, now()
        from generate_series(2, 100000) n
        """);

    assertThat(PORTS.signIns().insert(attempt(2), "203.0.113.1")).isTrue();

    assertThat(count("sign_ins")).isEqualTo(SignInStore.MOST - 99);
    assertThat(
            PORTS.signIns().take(attempt(1).state(), attempt(1).binding(), Duration.ofMinutes(10)))
        .isPresent();
  }

  private static SignInStore.PendingSignIn attempt(int n) {
    TokenHash hash = new TokenHash(ByteBuffer.allocate(32).putInt(n).array());
    return new SignInStore.PendingSignIn(hash, hash, ReturnPath.of("/console"), Optional.empty());
  }

  private static void change(String statement) {
    int unused = PORTS.sql().sql(statement).update();
  }

  private static int count(String table) {
    return PORTS.sql().sql("select count(*) from " + table).query(Integer.class).single();
  }
}
