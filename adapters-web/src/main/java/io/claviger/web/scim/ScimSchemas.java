package io.claviger.web.scim;

import io.claviger.application.scim.ScimPage;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Describes which parts of SCIM Claviger supports, in the form of RFC 7643 (sections 5 to 7). */
final class ScimSchemas {
  private static final String CORE = "urn:ietf:params:scim:schemas:core:2.0:";

  private ScimSchemas() {}

  /** The documents that describe the supported parts of SCIM. */
  enum Document {
    SERVICE_PROVIDER_CONFIG("ServiceProviderConfig"),
    RESOURCE_TYPES("ResourceTypes"),
    SCHEMAS("Schemas");

    private final String path;

    Document(String path) {
      this.path = path;
    }

    String path() {
      return path;
    }

    /** The schema or resource type with this id; empty if the document has none. */
    Optional<JsonNode> part(String id, String base) {
      return json(base)
          .path("Resources")
          .valueStream()
          .filter(one -> one.path("id").asString().equalsIgnoreCase(id))
          .findFirst();
    }

    ObjectNode json(String base) {
      return switch (this) {
        case SERVICE_PROVIDER_CONFIG -> config(base);
        case RESOURCE_TYPES ->
            list(
                type("User", "/Users", ScimUserJson.SCHEMA, base),
                type("Group", "/Groups", ScimGroupJson.SCHEMA, base));
        case SCHEMAS -> list(user(base), group(base));
      };
    }
  }

  private static ObjectNode config(String base) {
    ObjectNode json = ScimJson.object();
    json.putArray("schemas").add(CORE + "ServiceProviderConfig");
    supported(json, "patch", true);
    supported(json, "bulk", false).put("maxOperations", 0).put("maxPayloadSize", 0);
    supported(json, "filter", true).put("maxResults", ScimPage.MOST);
    supported(json, "changePassword", false);
    supported(json, "sort", false);
    supported(json, "etag", false);
    ObjectNode unused =
        json.putArray("authenticationSchemes")
            .addObject()
            .put("type", "oauthbearertoken")
            .put("name", "SCIM token")
            .put("description", "A token that a Claviger administrator created.")
            .put("primary", true);
    meta(json, "ServiceProviderConfig", base + "/ServiceProviderConfig");
    return json;
  }

  private static ObjectNode supported(ObjectNode json, String name, boolean supported) {
    return json.putObject(name).put("supported", supported);
  }

  private static ObjectNode type(String name, String endpoint, String schema, String base) {
    ObjectNode json = ScimJson.object();
    json.putArray("schemas").add(CORE + "ResourceType");
    json.put("id", name).put("name", name).put("endpoint", endpoint).put("schema", schema);
    meta(json, "ResourceType", base + "/ResourceTypes/" + name);
    return json;
  }

  private static ObjectNode user(String base) {
    ObjectNode json = schema(ScimUserJson.SCHEMA, "User", base);
    ArrayNode attributes = json.putArray("attributes");
    attribute(attributes, "userName", "string").put("required", true).put("uniqueness", "server");
    attribute(attributes, "displayName", "string");
    attribute(attributes, "active", "boolean");
    ArrayNode name = attribute(attributes, "name", "complex").putArray("subAttributes");
    attribute(name, "formatted", "string");
    attribute(name, "familyName", "string");
    attribute(name, "givenName", "string");
    ArrayNode emails =
        attribute(attributes, "emails", "complex")
            .put("multiValued", true)
            .putArray("subAttributes");
    attribute(emails, "value", "string");
    attribute(emails, "type", "string");
    attribute(emails, "primary", "boolean");
    return json;
  }

  private static ObjectNode group(String base) {
    ObjectNode json = schema(ScimGroupJson.SCHEMA, "Group", base);
    ArrayNode attributes = json.putArray("attributes");
    attribute(attributes, "displayName", "string").put("required", true);
    ArrayNode members =
        attribute(attributes, "members", "complex")
            .put("multiValued", true)
            .putArray("subAttributes");
    attribute(members, "value", "string");
    attribute(members, "$ref", "reference").putArray("referenceTypes").add("User");
    attribute(members, "display", "string");
    return json;
  }

  private static ObjectNode schema(String id, String name, String base) {
    ObjectNode json = ScimJson.object();
    json.putArray("schemas").add(CORE + "Schema");
    json.put("id", id).put("name", name).put("description", name);
    meta(json, "Schema", base + "/Schemas/" + id);
    return json;
  }

  /** Adds an attribute that may be absent and need not be unique. */
  private static ObjectNode attribute(ArrayNode into, String name, String type) {
    return into.addObject()
        .put("name", name)
        .put("type", type)
        .put("multiValued", false)
        .put("required", false)
        .put("caseExact", false)
        .put("mutability", "readWrite")
        .put("returned", "default")
        .put("uniqueness", "none");
  }

  private static void meta(ObjectNode json, String type, String location) {
    ObjectNode unused = json.putObject("meta").put("resourceType", type).put("location", location);
  }

  private static ObjectNode list(ObjectNode... items) {
    ObjectNode json = ScimJson.object();
    json.putArray("schemas").add("urn:ietf:params:scim:api:messages:2.0:ListResponse");
    json.put("totalResults", items.length);
    json.put("startIndex", 1);
    json.put("itemsPerPage", items.length);
    ArrayNode resources = json.putArray("Resources");
    for (ObjectNode item : items) {
      ArrayNode unused = resources.add(item);
    }
    return json;
  }
}
