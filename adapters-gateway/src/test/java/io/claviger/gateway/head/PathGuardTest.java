package io.claviger.gateway.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.gateway.errors.CallRefused;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathGuardTest {
  @ParameterizedTest
  @CsvSource({
    "/gateway/services/alice/b/model/x%2Fy/converse, false, true",
    "/gateway/projects/alice/b/model/x%2Fy/converse, false, true",
    "/gateway/bedrock/model/x%2Fy/converse, false, true",
    "/gateway/services/alice/model/model/x%2Fy/converse, false, true",
    "/gateway/services/alice/model/x%2Fy/converse, false, false",
    "/gateway/services/model/x%2Fy/converse, false, false",
    "/gateway/services/alice/o/models/x%2Fy, true, true",
    "/gateway/services/alice/models/x%2Fy, true, false",
    "/gateway/projects/alice/models/models/x%2Fy, true, true"
  })
  void the_name_of_a_service_is_no_place_of_models(String path, boolean reads, boolean plain) {
    RequestTarget target = RequestTarget.of(path);

    assertThat(isPlain(target, reads)).isEqualTo(plain);
  }

  @ParameterizedTest
  @CsvSource({
    "/gateway/services/alice/o/%66iles, false",
    "/gateway/services/alice/o/files/%31, false",
    "/gateway/services/alice/o/files/a%20b, true"
  })
  void letters_and_digits_are_not_encoded(String path, boolean plain) {
    assertThat(isPlain(RequestTarget.of(path), true)).isEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://a?b=/gateway/services/alice/s/x",
        "http://a#/gateway/services/alice/s/x",
        "http://a",
        "a"
      })
  void a_query_or_fragment_is_no_path(String target) {
    assertThatExceptionOfType(CallRefused.class).isThrownBy(() -> RequestTarget.of(target));
    assertThat(RequestTarget.of("http://a/b?c=/d")).isEqualTo(new RequestTarget("/b", "c=/d"));
  }

  private static boolean isPlain(RequestTarget target, boolean reads) {
    try {
      PathGuard.check(target.path(), target.beginOfBelow(), reads);
      return true;
    } catch (CallRefused e) {
      return false;
    }
  }
}
