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
    "voice_, OTHER",
    "cfile_, CONTAINERS",
    "part_, FILES",
    "vsfb_, VECTOR_STORES",
    "chatcmpl-, RESPONSES",
    "ftjob-, OTHER",
    "assistant-, FILES",
    "thread_, OTHER",
    "asst_, OTHER",
    "sesn_, OTHER",
    "sthr_, OTHER",
    "env_, OTHER",
    "sesrsc_, OTHER",
    "memstore_, OTHER",
    "memver_, OTHER",
    "vlt_, OTHER",
    "vcrd_, OTHER",
    "depl_, OTHER",
    "agent_, OTHER",
    "tnl_, OTHER",
    "tcrt_, OTHER",
    "uprof_, OTHER"
  })
  void a_prefix_with_16_letters_and_digits_is_an_id(String prefix, ObjectKind kind) {
    assertThat(IdForm.PREFIXED.kindOf(prefix + REST)).contains(kind);
    assertThat(IdForm.PREFIXED_OR_CLOUD_RESOURCE.kindOf(prefix + REST)).contains(kind);
    assertThat(IdForm.PREFIXED.kindOf(" " + prefix + REST + "x".repeat(200) + "\n")).contains(kind);
    assertThat(IdForm.PREFIXED.kindOf(prefix + REST.substring(1))).isEmpty();
    assertThat(IdForm.PREFIXED.kindOf(prefix + "abcdefghijklmnopqrst")).isEmpty();
    assertThat(IdForm.PREFIXED.kindOf("x" + prefix + REST)).isEmpty();
    assertThat(IdForm.PREFIXED.kindOf(prefix.toUpperCase(java.util.Locale.ROOT) + REST)).isEmpty();
    assertThat(IdForm.PREFIXED.kindOf("See " + prefix + REST)).isEmpty();
    assertThat(IdForm.PREFIXED.kindOf(prefix + REST + " and more")).isEmpty();
  }

  /** All letters and digits count, and nothing else does. */
  @ParameterizedTest
  @ValueSource(
      strings = {"aaaaaaaaaaaaaaa0", "zzzzzzzzzzzzzzz9", "AAAAAAAAAAAAAAA0", "ZZZZZZZZZZZZZZZ5"})
  void letters_and_digits_are_those_of_ascii(String rest) {
    assertThat(IdForm.PREFIXED.kindOf("resp_" + rest)).contains(ObjectKind.RESPONSES);
    for (char other : "`{@[/:_-.\u00e9".toCharArray()) {
      assertThat(IdForm.PREFIXED.kindOf("resp_" + other + rest.substring(1))).isEmpty();
      assertThat(IdForm.PREFIXED.kindOf("resp_" + rest.substring(1) + other)).isEmpty();
    }
  }

  @Test
  void white_space_around_an_id_does_not_hide_it() {
    for (String around : new String[] {" ", "\t", "\r\n", "\u0000", "  \n "}) {
      assertThat(IdForm.PREFIXED.kindOf(around + "vs_" + REST)).contains(ObjectKind.VECTOR_STORES);
      assertThat(IdForm.PREFIXED.kindOf("vs_" + REST + around)).contains(ObjectKind.VECTOR_STORES);
      assertThat(IdForm.PREFIXED.kindOf(around + "ag:x:y" + around)).contains(ObjectKind.OTHER);
      assertThat(IdForm.PREFIXED.kindOf(around + "arn:aws:s3:::b/o" + around))
          .contains(ObjectKind.OTHER);
      assertThat(
              IdForm.PREFIXED.kindOf(
                  around + "arn:aws:bedrock:us-east-1::foundation-model/m" + around))
          .isEmpty();
    }
    assertThat(IdForm.PREFIXED.kindOf(" ".repeat(40))).isEmpty();
    assertThat(IdForm.PREFIXED.kindOf("vs_ " + REST)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a://x", "z://x", "A://x", "Z://x", "a1://x", "a9://x", "a+://x", "a-://x", "a.://x",
        "a_://x"
      })
  void an_address_of_any_scheme_is_an_id(String text) {
    assertThat(IdForm.PREFIXED.kindOf(text)).contains(ObjectKind.OTHER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "`a://x", "{a://x", "@://xx", "[://xx", "+a://x", ".a://x", "_a://x", "a~://x", "a ://x",
        "ms:/xx", "ms:x//y", "ms:/ /x", "ms:xxxx", "ms:///"
      })
  void only_two_slashes_after_a_scheme_make_an_address(String text) {
    assertThat(IdForm.PREFIXED.kindOf(text).isPresent()).isEqualTo(text.startsWith("ms:///"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com/x.png",
        " HTTP://example.com/x.png",
        "data:image/png;base64,QQ==",
        "Data:image/png,x y",
        "/9j/4AAQSkZJRg==",
        "iVBORw0KGgoAAAA",
        "R0lGODlhAQABAAAAACw=",
        "UklGRiQAAABXQVZF",
        "JVBERi0xLjcKJQ==",
        "UEsDBBQAAAAIAA==",
        "0M8R4KGxGuEAAAAA",
        "e1xydGYxXGFuc2k=",
        "SUQzBAAAAAAAI1RTU0U\n"
      })
  void a_web_address_or_data_is_media(String text) {
    assertThat(IdForm.isMedia(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "file:///etc/passwd",
        "ftp://example.com/x.png",
        "x.png",
        "/9j/../../etc/passwd",
        "iVBORw0KGgo.png",
        "see https://example.com/x.png",
        "http:/example.com",
        ""
      })
  void anything_else_might_be_a_file_of_the_provider(String text) {
    assertThat(IdForm.isMedia(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "ag:f8b2fc67:20250101:agent:33eacbbc, OTHER",
    "@preset/mine, OTHER",
    "openai/gpt-4o@preset/mine, OTHER",
    "gs://bucket/object, OTHER",
    "s3://bucket/object, OTHER",
    "ms://d1a2b3, OTHER",
    "mm_file://123, OTHER",
    "' FILE:///etc/passwd', OTHER",
    "file:/etc/passwd, OTHER",
    "litellm+proxy.x-1://a, OTHER",
    "cachedContents/abc, OTHER",
    "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc, OTHER",
    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc, OTHER",
    "arn:aws:bedrock:us-east-1:123456789012:prompt/abc:1, OTHER",
    "arn:aws:s3:::bucket/object, OTHER",
    "https://generativelanguage.googleapis.com/v1beta/files/abc, FILES",
    "' HTTPS://GenerativeLanguage.GoogleApis.com/v1beta/files/abc?alt=media', FILES"
  })
  void what_an_account_names_by_other_means_is_an_id(String text, ObjectKind kind) {
    assertThat(IdForm.PREFIXED.kindOf(text)).contains(kind);
  }

  @Test
  void breaks_hide_no_address() {
    assertThat(IdForm.PREFIXED.kindOf("fi\tle:///x")).contains(ObjectKind.OTHER);
    assertThat(IdForm.PREFIXED.kindOf("ms:\n/\r/x")).contains(ObjectKind.OTHER);
    assertThat(IdForm.PREFIXED.kindOf("ht\ttps://x")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ft:gpt-4o:org::id",
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-5-sonnet-20240620-v1:0",
        "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0",
        "mail@example.com",
        "me@preset",
        "https://example.com/googleapis.com",
        "https://storage.googleapis.com/public/image.png",
        "data:image/png;base64,QQ==",
        "HTTP://example.com/x",
        "wss://example.com/x",
        "see file:///x",
        "://x",
        "1a://x",
        "profile: mine",
        "a very long sentence with a colon at last://"
      })
  void what_belongs_to_no_account_is_none(String text) {
    assertThat(IdForm.PREFIXED.kindOf(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "msg_0123456789abcdef0",
        "rs_0123456789abcdef",
        "call_0123456789abcdef",
        "",
        "vs_",
        "0123456789abcdefABCDEF",
        "file of mine",
        "://x"
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
    "fileSearchStores/abc-1, OTHER",
    "fileSearchStores/abc/documents/d, OTHER",
    "corpora/abc, OTHER",
    "projects/p/locations/l/ragCorpora/1, OTHER",
    "interactions/abc, OTHER",
    "gs://bucket/object, OTHER",
    "' GS://bucket/object', OTHER"
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "projects/p/locations/l/endpoints/1",
        " /v1/projects/p/locations/l/collections/c/dataStores/d",
        "Projects/p/secrets/s",
        "//aiplatform.googleapis.com/projects/p/locations/l/models/1",
        "https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/l/models/1",
        "https://x@aiplatform.googleapis.com:443/projects/p/x",
        "gs://bucket/object"
      })
  void what_a_project_of_googles_cloud_has_is_recognized(String text) {
    assertThat(IdForm.CLOUD_RESOURCE.kindOf(text)).contains(ObjectKind.OTHER);
    assertThat(IdForm.PREFIXED_OR_CLOUD_RESOURCE.kindOf(text)).contains(ObjectKind.OTHER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gemini-2.5-flash",
        "publishers/google/models/gemini-2.5-flash",
        "see projects/p/locations/l",
        "https://example.com/projects/p/x",
        "projects/p"
      })
  void other_texts_name_nothing_in_a_project(String text) {
    assertThat(IdForm.CLOUD_RESOURCE.kindOf(text)).isEmpty();
    assertThat(IdForm.PREFIXED_OR_CLOUD_RESOURCE.kindOf(text)).isEmpty();
  }
}
