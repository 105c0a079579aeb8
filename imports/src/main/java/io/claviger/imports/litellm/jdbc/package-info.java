/** Reads the database of a LiteLLM. */
@NullMarked
package io.claviger.imports.litellm.jdbc;

import org.jspecify.annotations.NullMarked;
