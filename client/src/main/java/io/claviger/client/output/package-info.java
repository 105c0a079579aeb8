/** What commands print: tables, JSON, names. */
@NullMarked
package io.claviger.client.output;

import org.jspecify.annotations.NullMarked;
