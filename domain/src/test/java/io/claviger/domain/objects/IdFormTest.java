package io.claviger.domain.objects;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdFormTest {
  private static final String REST = "0123456789abcDEF";

  @ParameterizedTest
  @CsvSource({
    "resp_, RESPONSES",
    "conv_, CONVERSATIONS",
    "file-, FILES",
    "file_, FILES",
    "vs_, VECTOR_STORES",
    "batch_, BATCHES",
    "msgbatch_, BATCHES",
    "cntr_, CONTAINERS",
    "container_, CONTAINERS",
    "upload_, FILES",
    "pmpt_, PROMPTS",
    "audio_, RESPONSES",
    "skill_, OTHER",
    "cfile_, CONTAINERS",
    "part_, FILES",
    "vsfb_, VECTOR_STORES",
    "chatcmpl-, RESPONSES",
    "ftjob-, OTHER"
  })
  void a_prefix_with_16_letters_and_digits_is_an_id(String prefix, ObjectKind kind) {
    assertThat(IdForm.PREFIXED.kindOf(prefix + REST)).contains(kind);
    assertThat(IdForm.PREFIXED.kindOf(" " + prefix + REST + "x".repeat(200) + "\n")).contains(kind);
    assertThat(IdForm.PREFIXED.kindOf(prefix + REST.substring(1))).isEmpty();
    assertThat(IdForm.PREFIXED.kindOf(prefix + "abcdefghijklmnopqrst")).isEmpty();
    assertThat(IdForm.PREFIXED.kindOf("x" + prefix + REST)).isEmpty();
    assertThat(IdForm.PREFIXED.kindOf(prefix.toUpperCase(java.util.Locale.ROOT) + REST)).isEmpty();
    assertThat(IdForm.PREFIXED.kindOf("See " + prefix + REST)).isEmpty();
    assertThat(IdForm.PREFIXED.kindOf(prefix + REST + " and more")).isEmpty();
  }

  @Test
  void the_name_of_an_agent_is_an_id() {
    assertThat(IdForm.PREFIXED.kindOf("ag:f8b2fc67:20250101:agent:33eacbbc"))
        .contains(ObjectKind.OTHER);
    assertThat(IdForm.PREFIXED.kindOf("ft:gpt-4o:org::id")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "msg_0123456789abcdef0",
        "rs_0123456789abcdef",
        "call_0123456789abcdef",
        "",
        "vs_"
      })
  void other_ids_have_no_form(String text) {
    assertThat(IdForm.PREFIXED.kindOf(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "files/abc-123, FILES",
    "cachedContents/x, CACHES",
    "batches/b-1, BATCHES",
    "/v1beta/files/abc, FILES",
    "v1beta/files/abc:download, FILES",
    "FILES/abc, FILES",
    "https://generativelanguage.googleapis.com/v1beta/files/abc-123, FILES",
    "HTTPS://GenerativeLanguage.GoogleApis.com/v1beta/files/abc?alt=media, FILES",
    "https://eu-aiplatform.googleapis.com/v1/projects/p/locations/l/cachedContents/1, CACHES",
    "projects/p/locations/l/cachedContents/1, CACHES",
    "gs://bucket/object, OTHER"
  })
  void a_name_of_a_resource_is_an_id(String text, ObjectKind kind) {
    assertThat(IdForm.RESOURCE.kindOf(text)).contains(kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models/gemini",
        "image/png",
        "https://example.com/files/abc",
        "see files/abc",
        "files/",
        "files/a b",
        "resp_0123456789abcdef"
      })
  void other_texts_name_no_resource(String text) {
    assertThat(IdForm.RESOURCE.kindOf(text)).isEmpty();
  }

  @Test
  void where_ids_have_no_form_nothing_has_it() {
    assertThat(IdForm.NONE.kindOf("resp_" + REST)).isEmpty();
  }
}
