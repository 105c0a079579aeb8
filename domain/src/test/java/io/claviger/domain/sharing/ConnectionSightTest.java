package io.claviger.domain.sharing;

import static io.claviger.domain.sharing.ConnectionSight.ALL;
import static io.claviger.domain.sharing.ConnectionSight.NONE;
import static io.claviger.domain.sharing.ConnectionSight.OWN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConnectionSightTest {
  private static final List<Boolean> EITHER = List.of(true, false);

  /** Says the rule again, case by case. */
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
    List<Optional<Role>> roles =
        Stream.concat(
                Stream.of(Optional.<Role>empty()), Arrays.stream(Role.values()).map(Optional::of))
            .toList();
    for (Optional<Role> role : roles) {
      for (boolean owning : EITHER) {
        for (boolean administrator : EITHER) {
          for (boolean system : EITHER) {
            for (boolean forEverybody : EITHER) {
              for (boolean mayManage : EITHER) {
                if (forEverybody && !system) {
                  continue;
                }
                Relationship who =
                    new Relationship(owning, role, administrator, system, forEverybody);
                assertThat(ConnectionSight.of(who, mayManage))
                    .as("%s %s", who, mayManage)
                    .isEqualTo(expected(who, mayManage));
              }
            }
          }
        }
      }
    }
  }
}
