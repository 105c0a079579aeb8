/** HTTP routes for transfers and former references. */
@NullMarked
package io.claviger.web.transfers;

import org.jspecify.annotations.NullMarked;
