/** HTTP routes for API standards and the registry of providers. */
@NullMarked
package io.claviger.web.standards;

import org.jspecify.annotations.NullMarked;
