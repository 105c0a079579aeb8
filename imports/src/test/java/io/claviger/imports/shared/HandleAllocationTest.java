package io.claviger.imports.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.Handle;
import io.claviger.imports.shared.HandleAllocation.Allocation;
import io.claviger.imports.shared.HandleAllocation.Claim;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HandleAllocationTest {
  private static final Handle DRNO = new Handle("dr.no");
  private static final Allocation TAKEN = new Allocation.LeftOut(ReportReason.HANDLE_TAKEN);
  private static final Allocation UNFOLDED = new Allocation.Gets(DRNO, Optional.empty());
  private static final Allocation FOLDED =
      new Allocation.Gets(DRNO, Optional.of(ReportReason.HANDLE_FOLDED));
  private static final Allocation RENAMED =
      new Allocation.Gets(DRNO, Optional.of(ReportReason.HANDLE_RENAMED));

  /** Every pair of claims to one handle, in either order: who comes first in this list wins. */
  @Test
  void the_operators_word_wins_then_who_needs_no_folding_then_the_elder() {
    List<Claim> strongestFirst =
        List.of(
            claim("b", Optional.of(DRNO), Optional.of(1)),
            claim("c", Optional.of(DRNO), Optional.of(2)),
            claim("d", Optional.of(DRNO), Optional.empty()),
            claim("dr.no", Optional.empty(), Optional.of(9)),
            claim("Dr.No", Optional.empty(), Optional.of(1)),
            claim("DR.NO", Optional.empty(), Optional.of(2)),
            claim("dR.no", Optional.empty(), Optional.empty()));
    for (int strong = 0; strong < strongestFirst.size(); strong++) {
      for (int weak = strong + 1; weak < strongestFirst.size(); weak++) {
        List<Claim> claims = new ArrayList<>();
        claims.add(strongestFirst.get(strong));
        claims.add(strongestFirst.get(weak));
        List<Allocation> expected =
            List.of(strong < 3 ? RENAMED : strong == 3 ? UNFOLDED : FOLDED, TAKEN);
        assertThat(HandleAllocation.decide(claims, h -> false)).isEqualTo(expected);
        Collections.reverse(claims);
        List<Allocation> reversed = new ArrayList<>(expected);
        Collections.reverse(reversed);
        assertThat(HandleAllocation.decide(claims, h -> false)).isEqualTo(reversed);
      }
    }
  }

  @Test
  void of_equals_the_first_named_wins() {
    List<Claim> claims =
        List.of(
            claim("Dr.No", Optional.empty(), Optional.of(1)),
            claim("DR.NO", Optional.empty(), Optional.of(1)));
    assertThat(HandleAllocation.decide(claims, h -> false)).containsExactly(FOLDED, TAKEN);
  }

  @Test
  void what_is_somebody_elses_here_is_taken_from_nobody() {
    List<Claim> claims =
        List.of(
            claim("dr.no", Optional.empty(), Optional.of(1)),
            claim("x", Optional.of(DRNO), Optional.of(1)));
    assertThat(HandleAllocation.decide(claims, DRNO::equals)).containsExactly(TAKEN, TAKEN);
  }

  @Test
  void who_is_renamed_frees_the_handle_for_the_next() {
    List<Claim> claims =
        List.of(
            claim("dr.no", Optional.of(new Handle("other")), Optional.of(1)),
            claim("Dr.No", Optional.empty(), Optional.of(2)));
    assertThat(HandleAllocation.decide(claims, h -> false))
        .containsExactly(
            new Allocation.Gets(new Handle("other"), Optional.of(ReportReason.HANDLE_RENAMED)),
            FOLDED);
  }

  @Test
  void what_can_be_no_handle_is_left_out() {
    assertThat(
            HandleAllocation.decide(
                List.of(claim("admin", Optional.empty(), Optional.of(1))), h -> false))
        .containsExactly(new Allocation.LeftOut(ReportReason.INVALID_HANDLE));
  }

  private static Claim claim(String old, Optional<Handle> renamed, Optional<Integer> day) {
    return new Claim(old, renamed, day.map(d -> Instant.EPOCH.plusSeconds(86_400L * d)));
  }
}
