package io.claviger.persistence.standards;

import io.claviger.domain.Description;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.CallableStandard;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.RequestHeader;
import io.claviger.domain.standards.ResponseHeader;
import io.claviger.domain.standards.WireFormat;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;

/** Reads API standards from rows. */
public final class StandardRows {
  private StandardRows() {}

  public static ApiStandard standard(Row row) throws SQLException {
    return new ApiStandard(
        new Handle(row.text("handle")),
        new Description(row.text("description")),
        WireFormat.of(row.text("format")),
        placement(row),
        row.texts("operations").stream().map(Operation::new).toList(),
        row.texts("request_headers").stream().map(RequestHeader::new).toList(),
        ResponseHeader.ofStored(row.texts("response_headers")),
        row.texts("query_parameters"),
        row.bigNumber("version"),
        row.instant("created_at"),
        row.instant("updated_at"));
  }

  /** Reads those fields of an API standard that are needed for calls. */
  public static CallableStandard callable(Row row) throws SQLException {
    return new CallableStandard(
        new Handle(row.text("handle")),
        WireFormat.of(row.text("format")),
        placement(row),
        row.texts("operations").stream().map(Operation::new).toList(),
        row.texts("request_headers").stream().map(RequestHeader::new).toList(),
        ResponseHeader.ofStored(row.texts("response_headers")),
        row.texts("query_parameters"));
  }

  /** Reads the key placement from the columns {@code key_method} and {@code key_field}. */
  public static KeyPlacement placement(Row row) throws SQLException {
    return new KeyPlacement(KeyMethod.of(row.text("key_method")), row.text("key_field"));
  }
}
