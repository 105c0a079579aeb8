/** API standards: everybody reads them, administrators write them. */
@NullMarked
package io.claviger.application.standards;

import org.jspecify.annotations.NullMarked;
