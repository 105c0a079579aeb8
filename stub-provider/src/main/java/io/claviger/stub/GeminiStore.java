package io.claviger.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.stub.Account.Kind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gemini's cached contents, and the code that all of Gemini's operations on stored objects share.
 */
final class GeminiStore {
  private static final Pattern FILE_URI = Pattern.compile("(?:.*/)?files/([^/?:]+).*");

  private GeminiStore() {}

  static ObjectRoutes routes() {
    ObjectRoutes routes =
        new ObjectRoutes()
            .on("POST", "cachedContents", GeminiStore::createCache)
            .on("GET", "cachedContents", call -> list(call, Kind.CACHE, "cachedContents"))
            .on("GET", "cachedContents/{}", call -> ObjectCall.answer(cache(call).json()))
            .on("PATCH", "cachedContents/{}", GeminiStore::updateCache)
            .on("DELETE", "cachedContents/{}", GeminiStore::deleteCache);
    GeminiFiles.addTo(routes);
    GeminiBatches.addTo(routes);
    return routes;
  }

  static Refused refused(int status, String message) {
    return new Refused(new Gemini().refusal(status, message));
  }

  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS).toString();
  }

  /** Returns a field by its name in camel case or in snake case. The API accepts both. */
  static JsonNode field(JsonNode node, String name) {
    String snake = name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    return node.has(name) ? node.get(name) : node.path(snake);
  }

  private static StoredObject cache(Account account, String name) {
    StoredObject cache = account.of(Kind.CACHE).get(name);
    if (cache == null) {
      throw refused(403, "CachedContent not found (or permission denied)");
    }
    return cache;
  }

  private static StoredObject cache(ObjectCall call) {
    return cache(call.account(), "cachedContents/" + call.id());
  }

  private static StubResponse createCache(ObjectCall call) {
    ObjectNode body = call.body();
    String model = ObjectCall.text(body, "model", "");
    if (!model.startsWith("models/")) {
      throw refused(400, "The model has to be given as models/{model}.");
    }
    checkFiles(call.account(), body);
    String name = call.account().newId("cachedContents/");
    String now = now();
    ObjectNode cache =
        ObjectCall.newObject()
            .put("name", name)
            .put("model", model)
            .put("createTime", now)
            .put("updateTime", now);
    putExpiry(cache, body);
    JsonNode title = field(body, "displayName");
    if (title.isString()) {
      cache.set("displayName", title);
    }
    int tokens = StubCall.tokens(body.path("contents").toString().length());
    cache.putObject("usageMetadata").put("totalTokenCount", tokens);
    call.of(Kind.CACHE).add(new StoredObject(name, cache, call.bytes()));
    return ObjectCall.answer(cache);
  }

  private static void putExpiry(ObjectNode cache, ObjectNode body) {
    JsonNode until = field(body, "expireTime");
    String seconds = ObjectCall.text(body, "ttl", "3600s").replaceFirst("(?:\\.\\d+)?s$", "");
    if (!seconds.matches("\\d{1,9}")) {
      throw refused(400, "Invalid ttl.");
    }
    cache.put(
        "expireTime",
        until.isString()
            ? until.asString("")
            : Instant.now().plusSeconds(Long.parseLong(seconds)).toString());
  }

  private static StubResponse updateCache(ObjectCall call) {
    ObjectNode cache = cache(call).json();
    putExpiry(cache, call.body());
    return ObjectCall.answer(cache.put("updateTime", now()));
  }

  private static StubResponse deleteCache(ObjectCall call) {
    call.of(Kind.CACHE).remove(cache(call).id());
    return ObjectCall.answer(ObjectCall.newObject());
  }

  /**
   * Answers with the page that the parameters {@code pageToken} and {@code pageSize} request. The
   * newest object comes first.
   */
  static StubResponse list(ObjectCall call, Kind kind, String field) {
    List<StoredObject> all = new ArrayList<>(call.of(kind).all());
    Collections.reverse(all);
    @Nullable String token = call.query("pageToken");
    int from = token != null && token.matches("\\d{1,9}") ? Integer.parseInt(token) : 0;
    int to = Math.min(all.size(), from + call.query("pageSize", 50, 100));
    ObjectNode page = ObjectCall.newObject();
    if (from < to) {
      ArrayNode shown = page.putArray(field);
      all.subList(from, to).forEach(object -> shown.add(object.json()));
    }
    if (to < all.size()) {
      page.put("nextPageToken", Integer.toString(to));
    }
    return ObjectCall.answer(page);
  }

  /**
   * Refuses a call that refers to a file or to cached content that the account does not have.
   *
   * @throws Refused if the call is refused
   */
  static void check(Account account, IncomingRequest request) {
    if (List.of("cachedContent", "cached_content", "fileUri", "file_uri").stream()
        .noneMatch(request::mentions)) {
      return;
    }
    try {
      JsonNode body = ObjectCall.parsed(request.kept(), request.keptLength());
      JsonNode cache = field(body, "cachedContent");
      if (cache.isString()) {
        cache(account, cache.asString(""));
      }
      checkFiles(account, body);
    } catch (BadCall malformed) {
      return; // The operation refuses a malformed body.
    }
  }

  private static void checkFiles(Account account, JsonNode value) {
    JsonNode uri = field(value, "fileUri");
    Matcher file = FILE_URI.matcher(uri.asString(""));
    if (file.matches()) {
      GeminiFiles.found(account, file.group(1));
    }
    for (JsonNode inner : value) {
      if (inner.isObject() || inner.isArray()) {
        checkFiles(account, inner);
      }
    }
  }

  /** Returns the number of tokens in the cached content that a call uses. */
  static int cachedTokens(StubCall call) {
    String name = call.fields().scalar("cachedContent");
    StoredObject cache = name == null ? null : call.account().of(Kind.CACHE).get(name);
    return cache == null ? 0 : cache.json().at("/usageMetadata/totalTokenCount").asInt(0);
  }

  static byte[] utf8(StringBuilder text) {
    return text.toString().getBytes(UTF_8);
  }
}
