package io.claviger.persistence.instances;

import io.claviger.domain.instances.InstanceField;
import io.claviger.persistence.sharing.ShareColumns;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The columns that are read and written of instances, each in one place.
 *
 * <p>Statements that read them call the table {@code instances} {@code i}, its API standard {@code
 * a}, its definition {@code d}, and of the viewer the share {@code s} with its giver {@code g}, the
 * user key {@code k} and the default service {@code f}.
 */
public final class InstanceColumns {
  /** Those of table {@code instances} that are named as they are read. */
  private static final List<String> STORED =
      List.of(
          "id",
          "owner_id",
          "owner_handle",
          "handle",
          "description",
          "definition_id",
          "provider",
          "api_standard",
          "endpoint",
          "endpoint_set_by",
          "model",
          "dimensions",
          "context_limit",
          "central_key",
          "user_keys",
          "fallback_to_central",
          "limit_requests_per_minute",
          "limit_models",
          "limit_operations",
          "custom_header_names",
          "api_key_set_at",
          "version",
          "created_at",
          "updated_at");

  /** What {@link InstanceRows#UNSHARED} reads. */
  public static final String UNSHARED =
      prefixed("")
          + """
          , i.api_key_sealed, i.headers_sealed, k.api_key_sealed as user_key_sealed,
          f.instance_id is not null as is_default
          """;

  /** What {@link InstanceRows#SEEN} reads. */
  public static final String SEEN = UNSHARED + ", " + ShareColumns.of("s", "g.handle") + "\n";

  /** What {@link #UNSHARED} needs joined to {@code instances i}; the parameter is the viewer. */
  public static final String UNSHARED_JOINS =
      """
      join api_standards a on a.handle = i.api_standard
      left join definitions d on d.id = i.definition_id
      left join user_keys k on k.instance_id = i.id and k.user_id = :viewer
      left join default_services f on f.instance_id = i.id and f.user_id = :viewer
      """;

  /** What {@link #SEEN} needs joined to {@code instances i}; the parameter is the viewer. */
  public static final String SEEN_JOINS =
      """
      join api_standards a on a.handle = i.api_standard
      left join definitions d on d.id = i.definition_id
      left join shares s on s.instance_id = i.id and s.grantee_id = :viewer
      left join users g on g.id = s.given_by
      left join user_keys k on k.instance_id = i.id and k.user_id = :viewer
      left join default_services f on f.instance_id = i.id and f.user_id = :viewer
      """;

  /** The names of the columns of the instance's own fields. */
  static final String OWN = own(column -> column);

  /** The parameters of {@link #OWN}, in the same order. */
  static final String OWN_VALUES = own(column -> ":" + column);

  /** Sets each column of {@link #OWN} to its parameter. */
  static final String OWN_SET = own(column -> column + " = :" + column);

  private InstanceColumns() {}

  /** What {@link InstanceRows#instance} reads, under names that begin with a prefix. */
  public static String prefixed(String prefix) {
    return Stream.of(
            Stream.concat(
                    STORED.stream(), InstanceField.own().stream().map(InstanceField::wireName))
                .map(column -> "i." + column + " as " + prefix + column),
            Stream.of(
                "a.key_method as " + prefix + "key_method",
                "a.key_field as " + prefix + "key_field",
                "d.owner_handle as " + prefix + "definition_owner",
                "d.handle as " + prefix + "definition_handle"))
        .flatMap(columns -> columns)
        .collect(Collectors.joining(", "));
  }

  private static String own(UnaryOperator<String> written) {
    return InstanceField.own().stream()
        .map(InstanceField::wireName)
        .map(written)
        .collect(Collectors.joining(", "));
  }
}
