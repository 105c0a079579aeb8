/**
 * How providers are spoken to, and who they are: wire formats, key placements, API standards, and
 * the registry of providers.
 */
@NullMarked
package io.claviger.domain.standards;

import org.jspecify.annotations.NullMarked;
