package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.policy.ModelPattern;
import io.claviger.gateway.errors.CallRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Which models a body asks for in addition to that of the call. */
class ModelScanTest {
  private static final String NOT_ALLOWED = "model_not_allowed";
  private static final String NOT_READABLE = "model_not_readable";
  private static final int DOCUMENTS = Integer.getInteger("test.seeds", 50) * 1_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tools\":[{\"type\":\"image_generation\",\"model\":\"evil\"}]",
        "\"tools\":[{\"model\":\"good\",\"model\":\"evil\"}]",
        "\"tools\":[{\"MODEL\":\"evil\"}]",
        "\"tools\":[{\"mod\\u0065l\":\"evil\"}]",
        "\"tools\":[{\"parameters\":{\"model\":\"evil\"}}]",
        "\"tools\":{\"model\":\"evil\"}",
        "\"plugins\":[{\"id\":\"x\",\"allowed_models\":[\"good\",\"evil\"]}]",
        "\"plugins\":[{\"id\":\"x\",\"analysis_models\":[\"evil\"]}]",
        "\"compound_custom\":{\"models\":{\"answering_model\":\"good\",\"reasoning_model\":\"evil\"}}",
        "\"lora_path\":\"evil\"",
        "\"lora_path\":[null,\"evil\"]",
        "\"adapters\":\"evil\"",
        "\"deployment_id\":\"evil\"",
        "\"lora_request\":{\"lora_name\":\"evil\",\"lora_int_id\":1}",
        "\"provider\":{\"models\":[\"good\",[\"evil\"]]}",
        "\"provider\":{\"fallbacks\":[{\"model\":\"evil\"}]}",
        "\"model_name\":\"evil\"",
        "\"generationConfig\":{\"routingConfig\":{\"manualMode\":{\"modelName\":\"evil\"}}}",
        "\"input\":[{\"type\":\"tool_search_output\",\"tools\":[{\"model\":\"evil\"}]}]",
        "\"input\":[{\"tools\":[],\"x\":{\"model\":\"evil\"},\"tools\":[{\"model\":\"evil\"}]}]",
        "\"messages\":[{\"content\":[{\"type\":\"tool_addition\",\"tool\":{\"definition\":{\"type\":\"advisor_20260301\",\"model\":\"evil\"}}}]}]",
        "\"messages\":[{\"content\":[{\"tool_changes\":[{\"tool\":{\"type\":\"tool_definition\",\"definition\":{\"model\":\"evil\"}}}]}]}]",
        "\"Messages\":[{\"model\":\"evil\"}]",
        "\"x\":{\"messages\":[{\"model\":\"evil\"}]}",
        "\"input\":[],\"x\":{\"model\":\"evil\"}",
        "\"prompt\":{\"model\":\"evil\"}",
        "\"prompt\":{\"variables\":{},\"x\":{\"model\":\"evil\"}}"
      })
  void a_nested_model_has_to_be_allowed_too(String member) {
    assertThat(outcome("{\"model\":\"good\"," + member + "}")).isEqualTo(NOT_ALLOWED);
    assertThat(outcome("{" + member + ",\"model\":\"good\"}")).isEqualTo(NOT_ALLOWED);
    assertThat(outcome("{\"model\":\"good\"," + member.replace("evil", "better") + "}"))
        .isEqualTo("[better, good]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tools\":[{\"type\":\"function\",\"function\":{\"parameters\":{\"type\":\"object\",\"properties\":"
            + "{\"model\":{\"type\":\"string\",\"enum\":[\"evil\"]}},\"required\":[\"model\"]}}}]",
        "\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"input\":{\"model\":\"evil\"}}]}]",
        "\"messages\":[{\"content\":[{\"input\":{\"tools\":[{\"model\":\"evil\"}]}}]}]",
        "\"messages\":[{\"content\":[{\"type\":\"tool_use\",\"input\":{\"tool\":{\"definition\":{\"model\":\"evil\"}}}}]}]",
        "\"messages\":[{\"content\":[{\"tool\":{\"name\":\"f\"}},{\"definition\":{\"model\":\"evil\"}}]}]",
        "\"input\":[{\"model\":\"evil\"}]",
        "\"contents\":[{\"parts\":[{\"functionCall\":{\"args\":{\"model\":\"evil\"}}}]}]",
        "\"documents\":[{\"data\":{\"model\":\"evil\"}}]",
        "\"metadata\":{\"model\":\"evil\"}",
        "\"prompt\":{\"id\":\"p\",\"variables\":{\"model\":\"evil\"}}",
        "\"response_format\":{\"json_schema\":{\"schema\":{\"properties\":{\"models\":{\"type\":\"array\"}}}}}",
        "\"chat_template_kwargs\":{\"model_identity\":\"evil\"}",
        "\"a\":{\"model\":null,\"models\":7,\"model_id\":[1,null,{\"b\":\"evil\"}]}"
      })
  void what_a_caller_only_talks_about_is_no_request_for_a_model(String member) {
    assertThat(outcome("{\"model\":\"good\"," + member + "}")).isEqualTo("[good]");
    assertThat(outcome("{" + member + ",\"model\":\"good\"}")).isEqualTo("[good]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"fallbacks\":[\"good\"]",
        "\"Fallbacks\":[{\"good\":[\"evil\"]}]",
        "\"context_window_fallbacks\":[]",
        "\"router_settings_override\":{\"fallbacks\":[{\"good\":[\"evil\"]}]}",
        "\"lora\":[{\"id\":1,\"scale\":1}]",
        "\"fall\\u0062acks\":null",
        "\"fallbac\\u212as\":[\"evil\"]",
        "\"model\\u0000\":\"evil\"",
        "\"a\":{\"b\\u0000\":1}"
      })
  void a_choice_of_models_is_not_readable(String member) {
    assertThat(outcome("{\"model\":\"good\"," + member + "}")).isEqualTo(NOT_READABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"fallbacks\":[\"evil\"]",
        "\"FALLBACKS\":\"default\"",
        "\"models\":[\"good\"]",
        "\"tools\":[{\"model\":\"evil\"}]"
      })
  void neither_is_one_beside_the_model_of_the_path(String member) {
    Set<ModelPattern> allowed = Set.of(new ModelPattern("good"));

    assertThat(outcome(inPath(), allowed, "{" + member + "}")).isEqualTo(NOT_READABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"deployment_id\":\"%s\"",
        "\"adapters\":\"%s\"",
        "\"lora_path\":[\"%s\"]",
        "\"compound_custom\":{\"models\":{\"answering_model\":\"%s\"}}"
      })
  void another_model_beside_that_of_the_path_has_to_be_allowed(String member) {
    Set<ModelPattern> allowed = Set.of(new ModelPattern("good"), new ModelPattern("fine"));

    assertThat(outcome(inPath(), allowed, "{" + member.formatted("evil") + "}"))
        .isEqualTo(NOT_ALLOWED);
    assertThat(outcome(inPath(), allowed, "{" + member.formatted("fine") + "}"))
        .isEqualTo("[fine]");
  }

  private static AskedModels inPath() {
    return new AskedModels(Optional.of("good"), false);
  }

  @Test
  void a_model_may_have_a_name_of_256_characters_and_no_more() {
    String longest = "é".repeat(256);
    Set<ModelPattern> allowed = Set.of(new ModelPattern(longest));

    assertThat(outcome(allowed, "{\"model\":\"" + longest + "\"}")).isEqualTo("[" + longest + "]");
    assertThat(outcome(allowed, "{\"model\":\"" + longest + "x\"}")).isEqualTo(NOT_ALLOWED);
  }

  @Test
  void an_asterisk_at_the_end_allows_all_that_begin_so() {
    Set<ModelPattern> allowed = Set.of(new ModelPattern("text-embedding-*"));

    assertThat(outcome(allowed, "{\"model\":\"text-embedding-3-large\"}"))
        .isEqualTo("[text-embedding-3-large]");
    assertThat(outcome(allowed, "{\"model\":\"text-embeddin\"}")).isEqualTo(NOT_ALLOWED);
    assertThat(outcome(allowed, "{\"model\":\"" + "text-embedding-".repeat(18) + "\"}"))
        .isEqualTo(NOT_ALLOWED);
  }

  @Test
  void a_body_asks_for_a_bounded_number_of_different_models() {
    Set<ModelPattern> allowed = Set.of(new ModelPattern("m*"));
    String models =
        IntStream.range(0, AskedModels.MOST)
            .mapToObj(i -> "{\"model\":\"m" + i + "\"}")
            .collect(Collectors.joining(","));

    assertThat(outcome(allowed, "{\"model\":\"m0\",\"tools\":[" + models + "]}"))
        .startsWith("[m0, ");
    assertThat(outcome(allowed, "{\"model\":\"m\",\"tools\":[" + models + "]}"))
        .isEqualTo(NOT_READABLE);
  }

  /** The rule once more, on a tree and by recursion. */
  @Test
  void random_bodies_are_judged_as_a_walk_through_their_tree_judges_them() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    RandomJson json = new RandomJson(random);
    for (int i = 0; i < DOCUMENTS; i++) {
      String document = json.document();
      if (random.nextInt(4) > 0) {
        document = document.replaceFirst("\\{", "{\"model\":\"good\",").replace(",}", "}");
        document = document.replaceFirst(",(\\s*)}", "$1}");
      }
      assertThat(outcome(document)).as("seed %d: %s", seed, document).isEqualTo(walked(document));
    }
  }

  private static String walked(String document) {
    try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), document)) {
      Object tree = tree(parser, parser.nextToken());
      return tree instanceof Members body ? new Walk().outcome(body) : NOT_READABLE;
    } catch (JacksonException e) {
      return NOT_READABLE;
    }
  }

  private record Member(String name, @Nullable Object value) {}

  /** Of an object; a name may stand twice. */
  private record Members(List<Member> all) {}

  private static @Nullable Object tree(JsonParser parser, @Nullable JsonToken token) {
    if (token == JsonToken.START_OBJECT) {
      List<Member> members = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        members.add(new Member(name, tree(parser, parser.nextToken())));
      }
      return new Members(members);
    }
    if (token == JsonToken.START_ARRAY) {
      List<@Nullable Object> elements = new ArrayList<>();
      JsonToken next = parser.nextToken();
      while (next != JsonToken.END_ARRAY) {
        elements.add(tree(parser, next));
        next = parser.nextToken();
      }
      return elements;
    }
    return token == JsonToken.VALUE_STRING ? parser.getString() : null;
  }

  private static final class Walk {
    private boolean readable = true;
    private boolean allowed = true;
    private final List<String> asked = new ArrayList<>();

    String outcome(Members body) {
      nul(body);
      List<Member> models = body.all().stream().filter(m -> fold(m).equals("model")).toList();
      readable &= models.size() == 1 && models.get(0).name().equals("model");
      for (Member member : body.all()) {
        String name = fold(member);
        readable &= !Set.of("models", "fallbacks").contains(name);
        if (name.equals("model")) {
          readable &= member.value() instanceof String;
          names(member.value());
        } else if (Set.of("messages", "input", "contents", "metadata").contains(member.name())) {
          content(member.value());
        } else if (member.name().equals("prompt") && member.value() instanceof Members prompt) {
          object(prompt, Set.of("variables"));
        } else if (member.name().equals("generateContentRequest")
            && member.value() instanceof Members request) {
          object(request, Set.of("contents"));
        } else {
          member(member);
        }
      }
      if (!readable) {
        return NOT_READABLE;
      }
      return allowed ? asked.stream().distinct().sorted().toList().toString() : NOT_ALLOWED;
    }

    private void object(Members object, Set<String> contents) {
      for (Member member : object.all()) {
        if (contents.contains(member.name())) {
          content(member.value());
        } else {
          member(member);
        }
      }
    }

    private void member(Member member) {
      if (Set.of("model", "models", "fallbacks", "model_name", "modelid").contains(fold(member))) {
        names(member.value());
      }
      walk(member.value());
    }

    private void walk(@Nullable Object value) {
      if (value instanceof Members object) {
        object.all().forEach(this::member);
      } else if (value instanceof List<?> list) {
        list.forEach(this::walk);
      }
    }

    private void names(@Nullable Object value) {
      if (value instanceof String name) {
        allowed &= Set.of("good", "better").contains(name);
        asked.add(name);
      } else if (value instanceof List<?> list) {
        list.forEach(this::names);
      }
    }

    /** Tools may be members of its elements. */
    private void content(@Nullable Object value) {
      Stream<?> elements =
          value instanceof List<?> list
              ? list.stream()
              : value instanceof Members object
                  ? object.all().stream().map(Member::value)
                  : Stream.of();
      elements
          .filter(Members.class::isInstance)
          .flatMap(e -> ((Members) e).all().stream())
          .filter(m -> m.name().equals("tools"))
          .forEach(m -> walk(m.value()));
    }

    private void nul(@Nullable Object value) {
      if (value instanceof Members object) {
        object.all().forEach(m -> readable &= m.name().indexOf('\0') < 0);
        object.all().forEach(m -> nul(m.value()));
      } else if (value instanceof List<?> list) {
        list.forEach(this::nul);
      }
    }

    private static String fold(Member member) {
      return member.name().toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }
  }

  private static String outcome(String body) {
    return outcome(Set.of(new ModelPattern("good"), new ModelPattern("better")), body);
  }

  private static String outcome(Set<ModelPattern> allowed, String body) {
    return outcome(new AskedModels(Optional.empty(), false), allowed, body);
  }

  private static String outcome(AskedModels asked, Set<ModelPattern> allowed, String body) {
    ModelScan scan = new ModelScan(asked);
    byte[] bytes = body.getBytes(UTF_8);
    try {
      CallReading reading = CallReading.of(scan);
      reading.read(bytes, 0, bytes.length);
      reading.end();
      return scan.asked().within(allowed).stream().sorted().collect(Collectors.toList()).toString();
    } catch (CallRefused e) {
      return e.error().code();
    }
  }
}
