package io.claviger.domain.fairness;

import static io.claviger.domain.fairness.PaceLimit.REQUESTS_PER_MINUTE;
import static io.claviger.domain.fairness.PaceLimit.TOKENS_PER_MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.fairness.PaceRefusals.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceRefusalsTest {
  private static final Duration LEFT = Duration.ofSeconds(10);

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      delimiter = '|',
      textBlock =
          """
          # status | requests | tokens  | retry-after | above | of account | decision
          429      | 0 5s     | -       | -           | false | false      | requests 5000
          429      | 0 5s     | 100 1s  | -           | false | false      | requests 5000
          429      | 7 1s     | 0 3s    | -           | false | false      | tokens 3000
          429      | 0 2s     | 0 3s    | -           | false | false      | tokens 3000
          429      | 0 3s     | 0 2s    | -           | false | false      | requests 3000
          429      | 0 3s     | -       | 2           | false | false      | requests 2000
          429      | 0 2s     | -       | 3           | false | false      | requests 3000
          429      | 0 60s    | -       | 9           | false | false      | requests 9000
          429      | 0 0s     | -       | -           | false | false      | requests 100
          429      | 0 5s     | -       | 0           | false | false      | requests 100
          429      | 0        | -       | -           | false | false      | requests 1000
          429      | 0 10s    | -       | -           | false | false      | requests 10000
          429      | 0 11s    | -       | -           | false | false      | passed on
          429      | 0 5s     | -       | 11          | false | false      | passed on
          429      | 0 5s     | -       | 3600        | false | false      | passed on
          429      | 0 5s     | -       | -           | true  | false      | requests 5000
          429      | 7 5s     | -       | -           | false | false      | passed on
          429      | 7 5s     | 9 1s    | 1           | false | false      | passed on
          429      | ? 5s     | -       | 1           | false | false      | any 1000
          429      | ? 5s     | -       | -           | false | false      | passed on
          429      | ? 5s     | 0 5s    | 1           | false | false      | tokens 1000
          429      | ? 5s     | 9 5s    | 1           | false | false      | passed on
          429      | -        | -       | 1           | false | false      | any 1000
          429      | -        | -       | 0           | false | false      | any 100
          429      | -        | -       | 11          | false | false      | passed on
          429      | -        | -       | 1           | true  | false      | passed on
          429      | -        | -       | -           | false | false      | passed on
          429      | -        | -       | -           | true  | false      | passed on
          429      | 0 5s     | -       | 1           | false | true       | passed on
          429      | -        | -       | 1           | false | true       | passed on
          529      | -        | -       | 2           | false | false      | any 2000
          529      | 9 5s     | -       | 2           | false | false      | any 2000
          529      | -        | -       | 2           | true  | false      | any 2000
          529      | -        | -       | -           | false | false      | passed on
          529      | 0 5s     | -       | -           | false | false      | passed on
          529      | -        | -       | 11          | false | false      | passed on
          503      | -        | -       | 2           | false | false      | any 2000
          503      | -        | -       | -           | false | false      | passed on
          503      | -        | -       | 2           | false | true       | passed on
          500      | 0 5s     | -       | 2           | false | false      | passed on
          502      | 0 5s     | -       | 2           | false | false      | passed on
          400      | 0 5s     | -       | 2           | false | false      | passed on
          413      | 0 5s     | -       | 2           | false | false      | passed on
          200      | 0 5s     | -       | 2           | false | false      | passed on
          """)
  void a_refusal_waits_only_if_the_same_call_succeeds_in_time(
      int status,
      String requests,
      String tokens,
      Long retryAfter,
      boolean above,
      boolean ofAccount,
      String expected) {
    List<LimitStatement> stated = new ArrayList<>();
    add(stated, REQUESTS_PER_MINUTE, requests);
    add(stated, TOKENS_PER_MINUTE, tokens);
    Refusal refusal =
        new Refusal(
            status,
            stated,
            Optional.ofNullable(retryAfter).map(Duration::ofSeconds),
            ofAccount,
            above);

    assertThat(PaceRefusals.decide(refusal, LEFT).map(PaceRefusalsTest::text).orElse("passed on"))
        .isEqualTo(expected);
  }

  @Test
  void a_pause_is_a_minute_at_most_and_nothing_waits_when_no_time_is_left() {
    List<LimitStatement> stated = new ArrayList<>();
    add(stated, REQUESTS_PER_MINUTE, "0 3600s");
    Refusal refusal = new Refusal(429, stated, Optional.empty(), false, false);

    assertThat(PaceRefusals.decide(refusal, Duration.ofMinutes(2)))
        .contains(new PaceRefusal(Optional.of(REQUESTS_PER_MINUTE), PaceRefusal.MOST_PAUSE));
    assertThat(PaceRefusals.decide(refusal, Duration.ofSeconds(59))).isEmpty();
    Refusal inAnHour = new Refusal(429, stated, Optional.of(Duration.ofHours(1)), false, false);
    assertThat(PaceRefusals.decide(inAnHour, Duration.ofMinutes(2))).isEmpty();
    for (int status : List.of(429, 503, 529)) {
      Refusal soon = new Refusal(status, List.of(), Optional.of(Duration.ZERO), false, false);
      assertThat(PaceRefusals.decide(soon, Duration.ZERO)).isEmpty();
      assertThat(PaceRefusals.decide(soon, Duration.ofSeconds(-1))).isEmpty();
    }
  }

  @Test
  void only_statuses_that_may_be_about_pace_are_looked_at() {
    for (int status = 100; status < 600; status++) {
      Refusal refusal =
          new Refusal(status, List.of(), Optional.of(Duration.ofSeconds(1)), false, false);
      assertThat(PaceRefusals.mayBeOfPace(status))
          .isEqualTo(PaceRefusals.decide(refusal, LEFT).isPresent());
    }
  }

  /**
   * @param text what is left, and when it resets
   */
  private static void add(List<LimitStatement> stated, PaceLimit limit, String text) {
    if (text == null) {
      return;
    }
    String[] parts = text.split(" ");
    stated.add(
        new LimitStatement(
            limit,
            Duration.ofMinutes(1),
            OptionalLong.of(10),
            parts[0].equals("?") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(parts[0])),
            parts.length == 1 ? Optional.empty() : Optional.of(Duration.parse("PT" + parts[1]))));
  }

  private static String text(PaceRefusal refusal) {
    String limit = refusal.limit().map(each -> each.wireName().split("_")[0]).orElse("any");
    return limit + " " + refusal.pause().toMillis();
  }
}
