package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.domain.accounts.User;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ConnectionCheckQuotaTest {
  private final ConnectionCheckQuota places = new ConnectionCheckQuota();

  @Test
  void a_user_has_a_few_places_and_all_users_have_some_more() {
    int taken = 0;
    for (int user = 0; user < 20; user++) {
      assertThat(places.enter(id(user))).isTrue();
      int own = 0;
      while (places.take(id(user), System.nanoTime())) {
        own++;
        taken++;
      }
      assertThat(own).isLessThanOrEqualTo(ConnectionCheckQuota.OF_EACH);
    }

    assertThat(taken).isEqualTo(ConnectionCheckQuota.IN_ALL);
  }

  @Test
  void a_place_that_is_given_back_is_free() {
    assertThat(places.enter(id(1))).isTrue();
    for (int i = 0; i < 10 * ConnectionCheckQuota.IN_ALL; i++) {
      assertThat(places.take(id(1), System.nanoTime())).isTrue();
      places.free(id(1));
    }
  }

  @Test
  void a_user_has_a_few_requests_under_way() {
    for (int i = 0; i < ConnectionCheckQuota.REQUESTS_OF_EACH; i++) {
      assertThat(places.enter(id(1))).isTrue();
    }
    assertThat(places.enter(id(1))).isFalse();
    assertThat(places.enter(id(2))).isTrue();

    places.leave(id(1));
    assertThat(places.enter(id(1))).isTrue();
  }

  @Test
  void who_has_nothing_under_way_is_forgotten() {
    for (int user = 0; user < 100; user++) {
      assertThat(places.enter(id(user))).isTrue();
      assertThat(places.take(id(user), System.nanoTime())).isTrue();
      places.leave(id(user));
      places.free(id(user));
    }

    assertThat(places.users()).isZero();
  }

  @Test
  void a_place_is_taken_within_a_request() {
    assertThatIllegalStateException().isThrownBy(() -> places.take(id(1), System.nanoTime()));
  }

  private static User.Id id(int number) {
    return new User.Id(new UUID(0, number));
  }
}
