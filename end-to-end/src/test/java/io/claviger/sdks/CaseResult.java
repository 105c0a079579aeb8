package io.claviger.sdks;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** The result of a case: what the SDK returned, and what it raised. */
record CaseResult(JsonNode json) {
  SdkCase of() {
    return SdkCase.valueOf(name());
  }

  String name() {
    return json.get("name").asString();
  }

  /** How many calls were answered well. */
  int answered() {
    return json.get("answered").asInt();
  }

  long millis() {
    return json.get("millis").asLong();
  }

  /** A field of the last answer, empty where the SDK did not show it. */
  String saw(String field) {
    return json.at("/saw/" + field).asString("");
  }

  List<String> models() {
    return json.at("/saw/models").valueStream().map(JsonNode::asString).toList();
  }

  boolean raised() {
    return json.has("raised");
  }

  /** A field of what was raised, empty where the SDK did not show it. */
  String raised(String field) {
    return json.at("/raised/" + field).asString("");
  }

  @Override
  public String toString() {
    return json.toString();
  }
}
