package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallRefused;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A body whose model leads to a service is read once, and judged as if it were read as it is sent.
 */
class AskedModelsTest {
  private static final int DOCUMENTS = Integer.getInteger("test.seeds", 50) * 800;
  private static final String PASSES = "passes";
  private static final Set<ModelPattern> ALLOWED =
      Set.of(new ModelPattern("good"), new ModelPattern("better"));
  private static final List<String> TARGETS = List.of("good", "better", "evil", "other");

  @Test
  void one_reading_finds_what_a_second_one_of_the_edited_body_would_find() {
    assertOneReadingIsEnough(WireFormat.OPENAI, Optional.empty());
  }

  @Test
  void one_reading_is_enough_if_the_path_names_the_model() {
    assertOneReadingIsEnough(WireFormat.GEMINI, Optional.of("good"));
  }

  private static void assertOneReadingIsEnough(WireFormat format, Optional<String> inPath) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    RandomJson json = new RandomJson(random);
    int judged = 0;
    int passed = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      String document = json.document().replaceFirst("\"tools\"", "\"requests\"");
      if (random.nextBoolean()) {
        document = document.replaceFirst("\\{", "{\"model\":\"good\",");
        document = document.replaceFirst(",(\\s*)}", "$1}");
      }
      byte[] body = document.getBytes(UTF_8);
      JsonNameScan names = new JsonNameScan(inPath, Optional.empty());
      ModelScan models = new ModelScan(new AskedModels(inPath, true));
      BodyModel named;
      try {
        CallReading reading = CallReading.of(names, models);
        reading.read(body, 0, body.length);
        reading.end();
        named = names.named();
      } catch (CallRefused unreadable) {
        continue;
      }
      String target = TARGETS.get(random.nextInt(TARGETS.size()));
      BodyEdits edits = named.naming(target);
      String path =
          inPath.isEmpty() ? "embeddings" : "v1beta/models/" + target + ":batchEmbedContents";
      String once =
          outcome(
              () ->
                  new RequestedModel(ALLOWED, format, path)
                      .check(models.asked(), target, edits.count()));
      assertThat(once)
          .as("seed %d: %s to %s", seed, document, target)
          .isEqualTo(outcome(() -> readAgain(edited(body, edits), format, path)));
      judged++;
      passed += once.equals(PASSES) ? 1 : 0;
    }
    assertThat(judged).isGreaterThan(DOCUMENTS / 20);
    assertThat(passed).isBetween(judged / 20, judged * 19 / 20);
  }

  private static byte[] edited(byte[] body, BodyEdits edits) {
    List<ByteBuf> parts = edits.apply(List.of(Unpooled.wrappedBuffer(body)));
    return ByteBufUtil.getBytes(Unpooled.wrappedBuffer(parts.toArray(ByteBuf[]::new)));
  }

  private static void readAgain(byte[] body, WireFormat format, String path) {
    new RequestedModel(ALLOWED, format, path).checkPath();
    ModelScan models = new ModelScan(new AskedModels(format.api().modelInPath(path), false));
    CallReading reading = CallReading.of(models);
    reading.read(body, 0, body.length);
    reading.end();
    Set<String> unused = models.asked().within(ALLOWED);
  }

  private static String outcome(Runnable judgement) {
    try {
      judgement.run();
      return PASSES;
    } catch (CallRefused e) {
      return e.error().code();
    }
  }
}
