package io.claviger.domain.sharing;

import static io.claviger.domain.sharing.CapacitySight.EVERYTHING;
import static io.claviger.domain.sharing.CapacitySight.NOTHING;
import static io.claviger.domain.sharing.CapacitySight.OWN;
import static io.claviger.domain.sharing.Samples.relationships;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.EveryCase;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapacitySightTest {
  private static final List<Boolean> EITHER = List.of(true, false);

  /** States the rule a second time, case by case. */
  private static CapacitySight expected(
      Relationship who, boolean mayManage, boolean restricted, boolean inGroup) {
    boolean owns = who.owningUser() || (who.systemLevel() && who.administrator());
    boolean uses =
        who.owningUser()
            || (who.forEverybody() && owns)
            || who.role().isPresent()
            || who.forEverybody();
    CapacitySight less = uses ? OWN : NOTHING;
    if (!mayManage) {
      return less;
    }
    if (owns || who.administrator()) {
      return restricted && inGroup ? less : EVERYTHING;
    }
    boolean seesShares = who.role().filter(role -> role != Role.READER).isPresent();
    return seesShares && !inGroup ? EVERYTHING : less;
  }

  @Test
  void who_sees_the_shares_of_all_services_behind_a_capacity_sees_everything() {
    EveryCase.of(
        relationships(),
        who -> {
          for (boolean mayManage : EITHER) {
            for (boolean restricted : EITHER) {
              for (boolean inGroup : EITHER) {
                assertThat(CapacitySight.of(who, mayManage, restricted, inGroup))
                    .as("%s %s %s %s", who, mayManage, restricted, inGroup)
                    .isEqualTo(expected(who, mayManage, restricted, inGroup));
              }
            }
          }
        });
  }
}
