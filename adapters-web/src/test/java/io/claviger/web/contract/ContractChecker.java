package io.claviger.web.contract;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/**
 * Holds exchanges to the contract: the path and method are an operation, the status is one that it
 * lists, the headers that it promises are there and in shape, and the body is of a listed type and
 * fits its schema.
 *
 * <p>What requests may hold is not checked: tests send wrong ones on purpose.
 */
public final class ContractChecker {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final int SHOWN = 2_000;

  private static final ContractChecker OF_SERVER = new ContractChecker(OpenApiDocument.ofServer());

  private final OpenApiDocument document;
  private final Schemas schemas;

  ContractChecker(OpenApiDocument document) {
    this.document = document;
    this.schemas = new Schemas(document.components());
  }

  /** A checker for the contract that the server serves. */
  public static ContractChecker ofServer() {
    return OF_SERVER;
  }

  /** All operations of the contract, as they stand in it. */
  public Set<Operation> operations() {
    return new LinkedHashSet<>(document.operations());
  }

  /** Returns the operation that a request calls; empty if the contract has no such operation. */
  public Optional<Operation> operation(String method, String path) {
    Optional<String> template = document.template(path);
    return document.operations().stream()
        .filter(o -> o.method().equals(method) && template.equals(Optional.of(o.path())))
        .findFirst();
  }

  /**
   * Checks an exchange with one of the contract's paths. A method that the path does not have must
   * be answered 405 with its methods in {@code Allow}; HEAD is as GET, without the body.
   *
   * @throws AssertionError saying everything that is wrong
   */
  public void check(Exchange exchange) {
    report(exchange, faults(exchange));
  }

  /**
   * Checks the answer to what is no operation: an unknown path, a request that HTTP itself could
   * not make sense of. It must be a problem with the headers that the contract gives its status.
   *
   * @throws AssertionError saying everything that is wrong
   */
  public void checkProblem(Exchange exchange) {
    List<String> faults = new ArrayList<>();
    judge(exchange, problemOf(exchange.status()), faults);
    report(exchange, faults);
  }

  private List<String> faults(Exchange exchange) {
    Optional<String> path = document.template(exchange.path());
    if (path.isEmpty()) {
      return List.of("the contract has no such path");
    }
    boolean head = exchange.method().equals("HEAD");
    JsonNode operation = document.operation(path.get(), head ? "GET" : exchange.method());
    List<String> faults = new ArrayList<>();
    if (operation.isMissingNode()) {
      refusedMethod(exchange, document.methods(path.get()), faults);
      return faults;
    }
    JsonNode responses = operation.path("responses");
    JsonNode response = responses.path(String.valueOf(exchange.status()));
    if (response.isMissingNode()) {
      return List.of(
          operation.path("operationId").asString()
              + " lists no status "
              + exchange.status()
              + ", only "
              + String.join(", ", responses.propertyNames()));
    }
    judge(exchange, document.resolved(response), faults);
    return faults;
  }

  private void refusedMethod(Exchange exchange, Set<String> methods, List<String> faults) {
    if (exchange.status() != 405) {
      faults.add(
          "the path has only " + new TreeSet<>(methods) + ", so that 405 is due for this method");
      return;
    }
    judge(exchange, problemOf(405), faults);
    Set<String> allowed = Set.of(exchange.header("Allow").orElse("").split(", ?"));
    if (!allowed.containsAll(methods)) {
      faults.add("header Allow must name " + new TreeSet<>(methods));
    }
  }

  private void judge(Exchange exchange, JsonNode response, List<String> faults) {
    judgeHeaders(exchange, response, faults);
    JsonNode content = response.path("content");
    if (content.isEmpty() || exchange.method().equals("HEAD")) {
      if (!exchange.body().isEmpty()) {
        faults.add("there must be no body");
      }
      return;
    }
    String type = exchange.mediaType().orElse("none");
    if (!content.has(type)) {
      faults.add(
          "content type is " + type + ", not " + String.join(" or ", content.propertyNames()));
      return;
    }
    judgeBody(exchange, type, content.path(type).path("schema"), faults);
  }

  private void judgeHeaders(Exchange exchange, JsonNode response, List<String> faults) {
    response
        .path("headers")
        .forEachEntry(
            (name, reference) -> {
              JsonNode header = document.resolved(reference);
              Optional<String> value = exchange.header(name);
              if (value.isPresent()) {
                schemas
                    .faults(header.path("schema"), StringNode.valueOf(value.get()))
                    .forEach(fault -> faults.add("header " + name + fault));
              } else if (header.path("required").asBoolean(false)) {
                faults.add("header " + name + " is missing");
              }
            });
  }

  private void judgeBody(Exchange exchange, String type, JsonNode schema, List<String> faults) {
    if (schema.isMissingNode()) {
      return;
    }
    if (!type.equals("application/json") && !type.endsWith("+json")) {
      schemas
          .faults(schema, StringNode.valueOf(exchange.body()))
          .forEach(fault -> faults.add("body" + fault));
      return;
    }
    JsonNode body;
    try {
      body = JSON.readTree(exchange.body());
    } catch (JacksonException e) {
      faults.add("body is not JSON: " + e.getOriginalMessage());
      return;
    }
    if (body.isMissingNode()) {
      faults.add("body is not JSON but empty");
      return;
    }
    schemas.faults(schema, body).forEach(fault -> faults.add("body" + fault));
    if (type.equals("application/problem+json")
        && body.path("status").asInt(0) != exchange.status()) {
      faults.add("body/status: must be the answer's, " + exchange.status());
    }
    if (body.has("next_cursor")
        && body.path("next_cursor").isNull() == exchange.header("Link").isPresent()) {
      faults.add("header Link must be there exactly when next_cursor is not null");
    }
  }

  /** What the contract says of a problem with this status, or of any where it does not say. */
  private JsonNode problemOf(int status) {
    JsonNode problems = document.components().path("responses");
    return problems
        .valueStream()
        .filter(r -> r.at("/content/application~1problem+json/example/status").asInt(0) == status)
        .findFirst()
        .orElseGet(() -> problems.path("BadRequest"));
  }

  private static void report(Exchange exchange, List<String> faults) {
    if (faults.isEmpty()) {
      return;
    }
    String body = exchange.body();
    throw new AssertionError(
        exchange.method()
            + " "
            + exchange.path()
            + " answered "
            + exchange.status()
            + " against the contract:\n  - "
            + String.join("\n  - ", faults)
            + "\nheaders: "
            + exchange.headers()
            + "\nbody: "
            + (body.length() > SHOWN ? body.substring(0, SHOWN) + " …" : body));
  }
}
