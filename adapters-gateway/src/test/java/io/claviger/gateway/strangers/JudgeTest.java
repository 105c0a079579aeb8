package io.claviger.gateway.strangers;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the judge of the provider's side sees in a request. */
class JudgeTest {
  private static final String CHAT = "POST chat/completions";
  private static final String JSON = "application/json";

  private final Account account = new Account(new SplittableRandom(1), List.of("bob", "carol"));
  private final String file = account.of("file", "carol").id();
  private final Judge judge = new Judge(account, true, false);
  private final Grammar.Shape shape =
      Grammar.of("openai").shapes(true).stream()
          .filter(each -> each.operations.contains(CHAT))
          .findFirst()
          .orElseThrow();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'store':false,'prompt_cache_key':'k','messages':[{'content':[{'file':{'file_id':'ID'}}]}]}",
        "{'store':false,'prompt_cache_key':'k','messages':[{'content':[{'file':{'FileId':'ID'}}]}]}",
        "{'store':false,'prompt_cache_key':'k','messages':[{'content':[{'file':{'file_id':null,'file_id':'ID'}}]}]}",
        "{'store':false,'prompt_cache_key':'k','messages':[{'content':[{'file':{'file_id':'ID','file_id':null}}]}]}",
        "{'store':false,'prompt_cache_key':'k','messages':[{'content':[{'file':{'file_id':' ID '}}]}]}",
        "{'store':false,'prompt_cache_key':'k','new_field':'ID'}",
        "{'store':false,'prompt_cache_key':'k','new_field':[{'a':['ID']}]}",
        "{'store':false,'prompt_cache_key':'k','messages':[{'content':'hello'}]}{'x':'ID'}",
        "{'store':false,'prompt_cache_key':'k','messages':[{'content':'ID'}]",
        "\uFEFF{'store':false,'prompt_cache_key':'k','new_field':'ID'}",
        "{'prompt_cache_key':'k','messages':[{'content':'hello'}]}",
        "{'store':false,'messages':[{'content':'hello'}]}",
        "{'store':true,'messages':[]}",
        "{'store':false,'prompt_cache_key':'k','store':true,'messages':[]}",
        "{'store':'false','messages':[]}",
        "{'store':false,'prompt_cache_key':'raw-key-of-all'}",
        "{'store':false,'prompt_cache_key':'k','tools':[{'type':'code_interpreter'}]}"
      })
  void a_body_that_reaches_or_leaves_something_is_a_fault(String body) {
    assertThat(faults(text(body).getBytes(UTF_8), JSON)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'store':false,'prompt_cache_key':'k','messages':[{'content':'ID'}]}",
        "{'store':false,'prompt_cache_key':'k','messages':[{'content':[{'type':'text','text':'ID'}]}]}",
        "{'store':false,'prompt_cache_key':'k','tools':[{'function':{'parameters':{'properties':{'a':{'enum':['ID']}}}}}]}",
        "{'store':false,'prompt_cache_key':'k','messages':[{'tool_calls':[{'function':{'arguments':'ID'}}]}]}",
        "{'store':false,'prompt_cache_key':'k','new_field':'see ID'}",
        "{'store':false,'prompt_cache_key':'k','metadata':{'a':'ID'}}"
      })
  void what_people_write_is_none(String body) {
    assertThat(faults(text(body).getBytes(UTF_8), JSON)).isEmpty();
  }

  @Test
  void a_body_is_read_in_any_encoding() throws IOException {
    String body = text("{'store':false,'prompt_cache_key':'k','new_field':'ID'}");
    assertThat(faults(body.getBytes(UTF_16LE), JSON)).isNotEmpty();
    assertThat(faults(body.getBytes(UTF_8), "text/plain; charset=iso-8859-1")).isNotEmpty();
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
      zip.write(body.getBytes(UTF_8));
    }
    assertThat(faults(zipped.toByteArray(), JSON)).isNotEmpty();
  }

  @Test
  void forms_are_read() {
    String form = "--b\r\nContent-Disposition: form-data; name=\"NAME\"\r\n\r\nID\r\n--b--\r\n";
    assertThat(faultsOfForm(form.replace("NAME", "file_id"))).isNotEmpty();
    assertThat(faultsOfForm(form.replace("NAME", "prompt"))).isEmpty();
  }

  @Test
  void the_path_the_query_and_the_head_are_read() {
    assertThat(faults("files/" + file, "", Map.of())).isNotEmpty();
    assertThat(faults("chat/completions", "after=" + file, Map.of())).isNotEmpty();
    assertThat(faults("chat/completions", "", Map.of("x-file", file))).isNotEmpty();
    assertThat(faults("chat/completions", "beta=true", Map.of("x-file", "none"))).isEmpty();
  }

  @Test
  void two_callers_have_no_name_in_common() {
    byte[] body = text("{'store':false,'prompt_cache_key':'a'}").getBytes(UTF_8);
    assertThat(faults(body, JSON)).isEmpty();
    assertThat(faults(body, JSON)).isEmpty();
    assertThat(judge.faults("openai", shape, CHAT, "carol", arrival(body, JSON)))
        .singleElement()
        .asString()
        .contains("is that of bob too");
  }

  private String text(String body) {
    return body.replace('\'', '"').replace("ID", file);
  }

  private List<String> faults(byte[] body, String type) {
    return judge.faults("openai", shape, CHAT, "bob", arrival(body, type));
  }

  private static Judge.Arrival arrival(byte[] body, String type) {
    return new Judge.Arrival("POST", "chat/completions", "", Map.of("content-type", type), body);
  }

  private List<String> faultsOfForm(String form) {
    Grammar.Shape audio =
        Grammar.of("openai").shapes(true).stream()
            .filter(each -> each.operations.contains("POST audio/transcriptions"))
            .findFirst()
            .orElseThrow();
    return judge.faults(
        "openai",
        audio,
        "POST audio/transcriptions",
        "bob",
        arrival(text(form).getBytes(UTF_8), "multipart/form-data; boundary=b"));
  }

  private List<String> faults(String path, String query, Map<String, String> fields) {
    return judge.faults(
        "openai",
        shape,
        "GET models",
        "bob",
        new Judge.Arrival("GET", path, query, fields, new byte[0]));
  }
}
