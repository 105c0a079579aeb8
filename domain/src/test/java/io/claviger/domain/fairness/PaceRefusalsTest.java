package io.claviger.domain.fairness;

import static io.claviger.domain.fairness.PaceLimit.REQUESTS_PER_MINUTE;
import static io.claviger.domain.fairness.PaceLimit.TOKENS_PER_MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.fairness.PaceRefusals.Refusal;
import io.claviger.domain.formats.ErrorMeaning;
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
          # status | requests | tokens  | retry-after | above | meaning          | decision
          429      | 0 5s     | -       | -           | false | OTHER            | requests 5000
          429      | 0 5s     | 100 1s  | -           | false | OTHER            | requests 5000
          429      | 7 1s     | 0 3s    | -           | false | OTHER            | tokens 3000
          429      | 0 2s     | 0 3s    | -           | false | OTHER            | tokens 3000
          429      | 0 3s     | 0 2s    | -           | false | OTHER            | requests 3000
          429      | 0 3s     | -       | 2           | false | OTHER            | requests 2000
          429      | 0 2s     | -       | 3           | false | OTHER            | requests 3000
          429      | 0 60s    | -       | 9           | false | OTHER            | requests 9000
          429      | 0 0s     | -       | -           | false | OTHER            | requests 100
          429      | 0 5s     | -       | 0           | false | OTHER            | requests 100
          429      | 0        | -       | -           | false | OTHER            | requests 1000
          429      | 0 10s    | -       | -           | false | OTHER            | requests 10000
          429      | 0 11s    | -       | -           | false | OTHER            | passed on
          429      | 0 5s     | -       | 11          | false | OTHER            | passed on
          429      | 0 5s     | -       | 3600        | false | OTHER            | passed on
          429      | 0 5s     | -       | -           | true  | OTHER            | requests 5000
          429      | 7 5s     | -       | -           | false | OTHER            | passed on
          429      | 7 5s     | 9 1s    | 1           | false | OTHER            | passed on
          429      | ? 5s     | -       | 1           | false | OTHER            | any 1000
          429      | ? 5s     | -       | -           | false | OTHER            | passed on
          429      | ? 5s     | 0 5s    | 1           | false | OTHER            | tokens 1000
          429      | ? 5s     | 9 5s    | 1           | false | OTHER            | passed on
          429      | -        | -       | 1           | false | OTHER            | any 1000
          429      | -        | -       | 0           | false | OTHER            | any 100
          429      | -        | -       | 11          | false | OTHER            | passed on
          429      | -        | -       | 1           | true  | OTHER            | passed on
          429      | -        | -       | -           | false | OTHER            | passed on
          429      | -        | -       | -           | true  | OTHER            | passed on
          429      | 0 5s     | -       | 1           | false | CREDIT_EXHAUSTED | passed on
          429      | -        | -       | 1           | false | CREDIT_EXHAUSTED | passed on
          429      | 0 5s     | -       | 1           | false | KEY_INVALID      | passed on
          429      | 0 5s     | -       | 1           | false | INCLUDE_REFUSED  | requests 1000
          529      | -        | -       | 2           | false | OTHER            | any 2000
          529      | 9 5s     | -       | 2           | false | OTHER            | any 2000
          529      | -        | -       | 2           | true  | OTHER            | any 2000
          529      | -        | -       | -           | false | OTHER            | passed on
          529      | 0 5s     | -       | -           | false | OTHER            | passed on
          529      | -        | -       | 11          | false | OTHER            | passed on
          503      | -        | -       | 2           | false | OTHER            | any 2000
          503      | -        | -       | -           | false | OTHER            | passed on
          503      | -        | -       | 2           | false | CREDIT_EXHAUSTED | passed on
          500      | 0 5s     | -       | 2           | false | OTHER            | passed on
          502      | 0 5s     | -       | 2           | false | OTHER            | passed on
          400      | 0 5s     | -       | 2           | false | OTHER            | passed on
          413      | 0 5s     | -       | 2           | false | OTHER            | passed on
          200      | 0 5s     | -       | 2           | false | OTHER            | passed on
          """)
  void a_refusal_waits_only_if_the_same_call_succeeds_in_time(
      int status,
      String requests,
      String tokens,
      Long retryAfter,
      boolean above,
      ErrorMeaning meaning,
      String expected) {
    List<LimitStatement> stated = new ArrayList<>();
    add(stated, REQUESTS_PER_MINUTE, requests);
    add(stated, TOKENS_PER_MINUTE, tokens);
    Refusal refusal =
        new Refusal(
            status,
            stated,
            Optional.ofNullable(retryAfter).map(Duration::ofSeconds),
            meaning,
            above);

    assertThat(PaceRefusals.decide(refusal, LEFT).map(PaceRefusalsTest::text).orElse("passed on"))
        .isEqualTo(expected);
  }

  @Test
  void a_pause_is_a_minute_at_most_and_nothing_waits_when_no_time_is_left() {
    List<LimitStatement> stated = new ArrayList<>();
    add(stated, REQUESTS_PER_MINUTE, "0 3600s");
    Refusal refusal = new Refusal(429, stated, Optional.empty(), ErrorMeaning.OTHER, false);

    assertThat(PaceRefusals.decide(refusal, Duration.ofMinutes(2)))
        .contains(new PaceRefusal(Optional.of(REQUESTS_PER_MINUTE), PaceRefusal.MOST_PAUSE));
    assertThat(PaceRefusals.decide(refusal, Duration.ofSeconds(59))).isEmpty();
    Refusal inAnHour =
        new Refusal(429, stated, Optional.of(Duration.ofHours(1)), ErrorMeaning.OTHER, false);
    assertThat(PaceRefusals.decide(inAnHour, Duration.ofMinutes(2))).isEmpty();
    for (int status : List.of(429, 503, 529)) {
      Refusal soon =
          new Refusal(status, List.of(), Optional.of(Duration.ZERO), ErrorMeaning.OTHER, false);
      assertThat(PaceRefusals.decide(soon, Duration.ZERO)).isEmpty();
      assertThat(PaceRefusals.decide(soon, Duration.ofSeconds(-1))).isEmpty();
    }
  }

  @Test
  void only_statuses_that_may_be_about_pace_are_looked_at() {
    for (int status = 100; status < 600; status++) {
      Refusal refusal =
          new Refusal(
              status, List.of(), Optional.of(Duration.ofSeconds(1)), ErrorMeaning.OTHER, false);
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
