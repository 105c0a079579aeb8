package io.claviger.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.web.server.RequestRates.TokenBucket;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 5 * SECOND, Long.MIN_VALUE})
  void what_a_minute_brings_passes_at_once_and_then_one_by_one(long start) {
    TokenBucket bucket = new TokenBucket(60, start);
    assertThat(taken(bucket, start, 100)).isEqualTo(60);
    assertThat(bucket.take(start)).contains(Duration.ofSeconds(1));
    assertThat(bucket.take(start + SECOND / 2)).contains(Duration.ofMillis(500));
    assertThat(taken(bucket, start + SECOND, 100)).isEqualTo(1);
    assertThat(taken(bucket, start + 11 * SECOND, 100)).isEqualTo(10);
  }

  @Test
  void a_bucket_never_holds_more_than_a_minute_brings() {
    TokenBucket bucket = new TokenBucket(60, 0);
    assertThat(taken(bucket, 3_600 * SECOND, 1_000)).isEqualTo(60);
  }

  @Test
  void who_is_refused_loses_nothing() {
    TokenBucket bucket = new TokenBucket(1, 0);
    assertThat(taken(bucket, 0, 1_000)).isEqualTo(1);
    assertThat(bucket.take(60 * SECOND)).isEmpty();
  }

  private static long taken(TokenBucket bucket, long now, int tries) {
    return LongStream.range(0, tries).filter(i -> bucket.take(now).isEmpty()).count();
  }
}
