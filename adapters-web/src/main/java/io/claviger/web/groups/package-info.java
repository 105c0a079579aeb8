/** REST for groups and their members. */
@NullMarked
package io.claviger.web.groups;

import org.jspecify.annotations.NullMarked;
