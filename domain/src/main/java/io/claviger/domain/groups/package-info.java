/** Groups, their members, and who may change them. */
@NullMarked
package io.claviger.domain.groups;

import org.jspecify.annotations.NullMarked;
