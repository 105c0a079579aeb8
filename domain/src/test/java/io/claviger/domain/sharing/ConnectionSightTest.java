package io.claviger.domain.sharing;

import static io.claviger.domain.sharing.ConnectionSight.ALL;
import static io.claviger.domain.sharing.ConnectionSight.NONE;
import static io.claviger.domain.sharing.ConnectionSight.OWN;
import static io.claviger.domain.sharing.Samples.relationships;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.EveryCase;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectionSightTest {
  /** States the rule a second time, case by case. */
  private static ConnectionSight expected(Relationship who, boolean mayManage) {
    boolean gives =
        who.owningUser() || who.administrator() || who.role().equals(Optional.of(Role.OWNER));
    if (mayManage && gives) {
      return ALL;
    }
    return who.owningUser() || who.role().isPresent() || who.forEverybody() ? OWN : NONE;
  }

  @Test
  void who_gives_shares_sees_all_connections_and_who_uses_the_service_their_own() {
    EveryCase.of(
        relationships(),
        who -> {
          for (boolean mayManage : List.of(true, false)) {
            assertThat(ConnectionSight.of(who, mayManage))
                .as("%s %s", who, mayManage)
                .isEqualTo(expected(who, mayManage));
          }
        });
  }
}
